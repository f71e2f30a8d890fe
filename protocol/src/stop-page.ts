/**
 * The page that works a stop sheet off: the extension's own and the service's (`GET /stop`) are this one. It keeps and
 * stores nothing, and writes nothing into its address.
 */
import { isWalkDone, STOP_WALK_BEGIN, type StopAnswer, walkStopSheet } from './stop-walk.ts';
import { decodeTyped } from './typed-code.ts';

type StopLang = 'en' | 'de';

const STOP_WORDS = {
  title: ['Stop sharing with the stop sheet', 'Teilen mit dem Stopp-Blatt beenden'],
  intro: [
    'This ends everything that was shared with this sheet’s code, for good and with every shop. You need nothing but the sheet.',
    'Das beendet alles, was mit dem Code dieses Blatts geteilt wurde, endgültig und bei jedem Shop. Sie brauchen nichts als das Blatt.',
  ],
  code: ['Code on the stop sheet', 'Code auf dem Stopp-Blatt'],
  codeHint: [
    'Seven groups of four. Capital letters and dashes do not matter.',
    'Sieben Gruppen zu vier Zeichen. Großschreibung und Striche sind egal.',
  ],
  address: ['Address of the vault service', 'Adresse des Tresordienstes'],
  addressHint: ['It is printed on the sheet.', 'Sie steht auf dem Blatt.'],
  end: ['End all sharing', 'Alles Teilen beenden'],
  again: ['Go on', 'Weitermachen'],
  working: ['Ending… found so far: ', 'Wird beendet … bisher gefunden: '],
  incomplete: [
    'The code has 28 characters. Some are missing, or there are too many.',
    'Der Code hat 28 Zeichen. Es fehlen welche, oder es sind zu viele.',
  ],
  mistyped: [
    'There is a typing mistake in the code. Please compare it with the sheet.',
    'Im Code ist ein Tippfehler. Bitte vergleichen Sie ihn mit dem Blatt.',
  ],
  'other-kind': [
    'This is the recovery code, which opens your vault. Never type it on a page like this one. The code you need is on the stop sheet.',
    'Das ist der Wiederherstellungscode, der Ihren Tresor öffnet. Tippen Sie ihn nie auf einer Seite wie dieser ein. Der richtige Code steht auf dem Stopp-Blatt.',
  ],
  noAddress: [
    'This is not the address of a vault service. It begins with https://.',
    'Das ist keine Adresse eines Tresordienstes. Sie beginnt mit https://.',
  ],
  unreachable: [
    'The vault service does not answer at the moment. What has been ended stays ended. Please go on in a few minutes.',
    'Der Tresordienst antwortet gerade nicht. Was beendet ist, bleibt beendet. Bitte machen Sie in ein paar Minuten weiter.',
  ],
  one: [
    'One thing that was shared is ended. No shop may use it any more.',
    'Ein geteilter Eintrag ist beendet. Kein Shop darf ihn mehr nutzen.',
  ],
  many: [
    ' things that were shared are ended. No shop may use them any more.',
    ' geteilte Einträge sind beendet. Kein Shop darf sie mehr nutzen.',
  ],
  none: [
    'This vault service knows nothing from this sheet. Is its address the one on the sheet, and was anything shared after the sheet was printed?',
    'Dieser Tresordienst kennt nichts von diesem Blatt. Steht seine Adresse auf dem Blatt, und wurde nach dem Druck etwas geteilt?',
  ],
  borrowed: [
    'On a borrowed computer: close this tab when you are done. Nothing of the sheet is stored here.',
    'Auf einem geliehenen Computer: Schließen Sie diesen Tab, wenn Sie fertig sind. Vom Blatt wird hier nichts gespeichert.',
  ],
  other: ['Deutsch', 'English'],
} as const;

export type StopPageOptions = {
  readonly lang: StopLang;
  /** Where the service is; null lets the person type it. */
  readonly service: string | null;
  /** `POST /stop` at this origin; null for no answer. */
  readonly send: (origin: string, value: string) => Promise<StopAnswer>;
};

/** Draws the page into `root`. */
export function stopPage(root: HTMLElement, options: StopPageOptions): void {
  const { service, send } = options;
  let { lang } = options;
  let walk = STOP_WALK_BEGIN;
  let busy = false;
  let said: { name: keyof typeof STOP_WORDS; before?: string; after?: string } | null = null;
  const say = (name: keyof typeof STOP_WORDS) => STOP_WORDS[name][lang === 'de' ? 1 : 0];

  const element = <K extends keyof HTMLElementTagNameMap>(
    name: K,
    attributes: Record<string, string> = {},
    ...children: HTMLElement[]
  ): HTMLElementTagNameMap[K] => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };
  const name = element('b');
  name.textContent = 'Zusage';
  const title = element('h1');
  const intro = element('p');
  const codeLabel = element('label', { for: 'code' });
  const codeHint = element('span', { class: 'hint', id: 'code-hint' });
  const code = element('input', {
    id: 'code',
    'data-testid': 'stop-code',
    autocomplete: 'off',
    autocapitalize: 'characters',
    spellcheck: 'false',
    required: '',
    'aria-describedby': 'code-hint problem',
  });
  const addressLabel = element('label', { for: 'address' });
  const addressHint = element('span', { class: 'hint', id: 'address-hint' });
  const address = element('input', {
    id: 'address',
    'data-testid': 'stop-address',
    type: 'url',
    autocomplete: 'off',
    spellcheck: 'false',
    required: '',
    'aria-describedby': 'address-hint',
  });
  const problem = element('p', { class: 'problem', id: 'problem', role: 'alert' });
  const outcome = element('p', { class: 'notice', role: 'status', 'data-testid': 'stop-outcome' });
  const button = element('button', { class: 'main', type: 'submit', 'data-testid': 'stop-all' });
  const other = element('button', { class: 'link', type: 'button', 'data-testid': 'stop-lang' });
  const borrowed = element('p', { class: 'hint' });
  const form = element(
    'form',
    { class: 'stack' },
    element('p', { class: 'field' }, codeLabel, code, codeHint),
    ...(service === null
      ? [element('p', { class: 'field' }, addressLabel, address, addressHint)]
      : []),
    problem,
    element('p', {}, button),
  );

  /** Puts all words in their places; texts only, never markup. */
  const draw = (): void => {
    document.documentElement.lang = lang;
    document.title = say('title');
    title.textContent = say('title');
    intro.textContent = say('intro');
    codeLabel.textContent = say('code');
    codeHint.textContent = say('codeHint');
    addressLabel.textContent = say('address');
    addressHint.textContent = say('addressHint');
    button.textContent = walk.next === 0 || isWalkDone(walk) ? say('end') : say('again');
    button.setAttribute('aria-disabled', String(busy));
    borrowed.textContent = say('borrowed');
    other.textContent = say('other');
    other.lang = lang === 'de' ? 'en' : 'de';
    const text = said === null ? '' : `${said.before ?? ''}${say(said.name)}${said.after ?? ''}`;
    const isProblem = said !== null && !['working', 'one', 'many', 'none'].includes(said.name);
    problem.textContent = isProblem ? text : '';
    outcome.textContent = isProblem ? '' : text;
    const wrong = said?.name ?? '';
    code.setAttribute(
      'aria-invalid',
      String(['incomplete', 'mistyped', 'other-kind'].includes(wrong)),
    );
    address.setAttribute('aria-invalid', String(wrong === 'noAddress'));
  };

  const originOf = (typed: string): string | null => {
    if (!URL.canParse(typed)) return null;
    const { protocol, origin } = new URL(typed);
    return protocol === 'https:' || protocol === 'http:' ? origin : null;
  };

  const endAll = async (): Promise<void> => {
    const root16 = decodeTyped('stop', code.value);
    if (typeof root16 === 'string') {
      said = { name: root16 };
      // The one thing that must not stay on a borrowed screen.
      if (root16 === 'other-kind') code.value = '';
      draw();
      code.focus();
      return;
    }
    const origin = service ?? originOf(address.value.trim());
    if (origin === null) {
      said = { name: 'noAddress' };
      draw();
      address.focus();
      return;
    }
    busy = true;
    if (isWalkDone(walk)) walk = STOP_WALK_BEGIN;
    const step = (): void => {
      said = { name: 'working', after: String(walk.ended) };
      draw();
    };
    step();
    walk = await walkStopSheet(
      root16,
      walk,
      (value) => send(origin, value),
      (now) => {
        walk = now;
        step();
      },
    );
    busy = false;
    if (!isWalkDone(walk)) said = { name: 'unreachable' };
    else if (walk.ended === 0) said = { name: 'none' };
    else if (walk.ended === 1) said = { name: 'one' };
    else said = { name: 'many', before: String(walk.ended) };
    if (isWalkDone(walk) && walk.ended > 0) code.value = '';
    draw();
  };

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (!busy) void endAll();
  });
  // Another code or address is another walk.
  for (const field of [code, address]) {
    field.addEventListener('input', () => {
      if (!busy) walk = STOP_WALK_BEGIN;
    });
  }
  other.addEventListener('click', () => {
    lang = lang === 'de' ? 'en' : 'de';
    draw();
  });
  draw();
  root.append(element('p', { class: 'head' }, name, other), title, intro, form, outcome, borrowed);
  code.focus();
}
