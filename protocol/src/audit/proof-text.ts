import type { Proof } from './prove.ts';

/** For people at a terminal. @param text of the outcome that all commands have */
export function proofText(proof: Proof, text: string): string {
  const verdict =
    proof.state !== null
      ? `At ${proof.at} the grant was: ${proof.state}`
      : `At ${proof.at}: not decided${proof.possible.length > 0 ? ` (${proof.possible.join(' or ')})` : ''}`;
  const events = proof.events.map(({ seq, event, index, operator_time, after, before }) => {
    const bounds = [
      ...(after === null ? [] : [`after ${after}`]),
      ...(before === null ? [] : [`not later than ${before}`]),
    ];
    const witnessed = bounds.length === 0 ? 'no witness' : `${bounds.join(', ')} by witnesses`;
    return `  ${seq} ${event}, entry ${index}: ${witnessed}; ${operator_time ?? 'no time'} by the operator`;
  });
  const heading = proof.exit === 3 ? text.replace(/^[^\n]*/, 'NOT DECIDED') : text;
  return [heading, '', verdict, ...events].join('\n');
}
