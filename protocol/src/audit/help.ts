const LOG = `  SOURCE           address of the log's prefix (https://vault.example/log), or a folder with an
                   exported log
  --key VKEY       verifier key of the log (C2SP signed-note). Without it the key that the log
                   serves itself, and a first visit can be deceived
  --witness VKEY   verifier key of a witness (type 0x04); may be repeated
  --quorum N       how many of the witnesses must have cosigned; 1 when there are any
  --known FILE     checkpoints of this log that you kept: a signed note, a .tlog-proof, the state
                   of a monitor, or a wallet's evidence; may be repeated
  --timeout S      seconds for one file (20)
  --concurrency N  requests at the same time (8)
  --patience S     seconds to wait for a file that a checkpoint promises and that is not there (3)
  --json           one JSON object on the standard output`;

const STREAMS = `  --stream FILE    a stream that is yours: {"v":1,"streams":[{"kind":"person","root":"…"}]}, or
                   of one month {"kind":"brand","month":"2026-11","key":"…"}. Its entries are
                   found by their tags, and a missing number shows
  --openings PATH  file or folder of .tlog-proof files, openings or receipt files. Each must hold
                   and be in the log, and the checkpoints of proofs must be of its tree; an entry
                   of a stream that none of them opens is reported
  --max-age S      seconds that the newest entry may be old. Over http 600, from a folder no limit
  --evidence DIR   where to write what shows a fault to others (zusage-audit-evidence)`;

const EXIT = `EXIT CODES
  0  verified
  1  the log is wrong; the findings name how
  2  usage
  3  unreachable, or nothing could be decided`;

export const GENERAL = `zusage-audit – checks the grant log of a vault service without trusting the service

USAGE
  zusage-audit verify SOURCE [options]
  zusage-audit monitor SOURCE --state FILE [options]
  zusage-audit prove PATH --grant ID --at TIME [options]
  zusage-audit check-receipt FILE [--lang de|en] [--html] [options]
  zusage-audit COMMAND --help

${EXIT}`;

export const HELP: { readonly [command: string]: string } = {
  verify: `NAME
  zusage-audit verify – the whole log, from the first entry

SYNOPSIS
  zusage-audit verify SOURCE [--key VKEY] [--witness VKEY …] [options]

DESCRIPTION
  Reads every entry and every tile. The tree is grown twice, from the entries and from the tiles of
  level 0; both must lead to the signed root, every tile above must be what they say, and every
  published note that can be found must be of this tree. Then inclusion and consistency proofs are
  built from the tiles alone and verified as RFC 9162 says. Unfinished tiles must be served for
  every published size.

OPTIONS
${LOG}
${STREAMS}

${EXIT}

EXAMPLE
  zusage-audit verify https://vault.example/log --key vault.example/log+0123abcd+AQ…`,

  monitor: `NAME
  zusage-audit monitor – what is new since the last visit

SYNOPSIS
  zusage-audit monitor SOURCE --state FILE [options]

DESCRIPTION
  Remembers the last checkpoint it verified, and the right edge of its tree. Each visit reads what
  came since and checks that the new tree contains the old one. The file is replaced at once, and
  only when everything held. The first visit reads the whole log.

  A smaller checkpoint that the remembered tree contains is old (checkpoint/stale), not a fork. One
  that it does not contain is a fork; one that comes with the larger tree no longer served is a
  rollback. The evidence of a fork is the two signed checkpoints, as files that every tool for C2SP
  signed notes reads, and where the sizes differ a consistency proof that leads away from one.

OPTIONS
  --state FILE     what to remember; made on the first visit
${LOG}
${STREAMS}

${EXIT}

EXAMPLE
  zusage-audit monitor https://vault.example/log --state vault.state --json`,

  prove: `NAME
  zusage-audit prove – what state a grant was in at a time

SYNOPSIS
  zusage-audit prove PATH --grant ID --at TIME [--log SOURCE] [options]

DESCRIPTION
  Reads the .tlog-proof files of a grant, and openings whose entries it finds in the log, and
  verifies each: the opening under its commitment, the entry in the signed tree, the
  person's act under the grant's key. When something happened is told
  as an interval between two checkpoints: the last one without the entry and the first one with it,
  at the times of their witnesses. Without witnesses the only time is the operator's word; the
  answer then says so, and --operator-time accepts it.

  Events that the files leave out cannot be seen; whoever holds the stream's epoch key finds them
  with verify --stream.

OPTIONS
  PATH             file or folder of .tlog-proof files, openings, or a receipt file
  --grant ID       urn:uuid:… of the grant
  --at TIME        RFC 3339, in UTC: 2026-11-22T05:00:00Z
  --log SOURCE     also compares with the log, and finds closer checkpoints there
  --operator-time  decides by the operator's times where no witness says more
  --key VKEY       verifier key of the log; without it the log's own word (--log), or a receipt's
  --witness VKEY   verifier key of a witness (type 0x04); may be repeated
  --quorum N       how many of the witnesses must have cosigned; 1 when there are any
  --known FILE     further checkpoints with cosignatures, to narrow the interval; may be repeated
  --timeout S      seconds for one file (20)
  --concurrency N  requests at the same time (8)
  --patience S     seconds to wait for a file that a checkpoint promises and that is not there (3)
  --evidence DIR   where to write what shows a fault to others (zusage-audit-evidence)
  --json           one JSON object on the standard output

${EXIT}

EXAMPLE
  zusage-audit prove proofs/ --grant urn:uuid:… --at 2026-11-22T05:00:00Z --log https://vault.example/log`,

  'check-receipt': `NAME
  zusage-audit check-receipt – one file of a grant, as a page for people

SYNOPSIS
  zusage-audit check-receipt FILE [--lang de|en] [--html] [--key VKEY] [--vault URL]

DESCRIPTION
  Verifies everything in a receipt file (.zusage.json): the grant, the request, the receipts, the
  proofs from the log, the status list. Prints a page in German or English: first what is not
  proven, then who may use what, what for and until when, the text that was shown, and the state on
  a date.

OPTIONS
  --lang de|en     language of the page; otherwise the one the grant was shown in
  --html           a page of HTML without scripts, to print or to keep
  --key VKEY       verifier key of the log; without it the one in the file, which proves nothing
                   about who holds it
  --vault URL      reads the keys of the service from its own address
  --witness VKEY   verifier key of a witness (type 0x04); may be repeated
  --timeout S      seconds for one file (20)
  --json           one JSON object on the standard output

${EXIT}

EXAMPLE
  zusage-audit check-receipt shop.zusage.json --lang de --html > page.html`,
};
