/**
 * One simple drawing for each kind of product, 120 by 90. Two classes carry the colours: `a` is the product's own tone,
 * `b` its shade, `c` the paper and metal parts; shop.css knows them in light and dark.
 */
const DRAWINGS = {
  boot: '<path class="a" d="M34 12h26v30c8 6 20 8 27 12 6 4 7 9 7 14H34z"/><path class="b" d="M30 66h66v9a3 3 0 0 1-3 3H33a3 3 0 0 1-3-3z"/><path class="s" d="M46 22h14M46 30h14M48 38h13M55 46l9-5M63 51l7-6"/>',
  shoe: '<path class="a" d="M20 42c8 2 14-2 20-12l12 4c6 14 24 16 36 20 9 3 12 7 12 12H20z"/><path class="b" d="M18 64h84v4c0 5-5 8-10 8H26c-5 0-8-4-8-9z"/><path class="s" d="M48 40l10-4M54 47l10-5M62 52l9-6"/>',
  sandal:
    '<path class="b" d="M18 60c20-8 60-8 84 2 4 8-2 14-8 14H24c-6 0-10-8-6-16z"/><path class="t" d="M34 58c2-18 16-22 22-4M62 56c4-20 22-18 28 4M56 42l8 8"/>',
  jacket:
    '<path class="a" d="M44 12l16 8 16-8 22 14-6 22-10-4v36H38V44l-10 4-6-22z"/><path class="b" d="M44 12l16 8 16-8 4 3-20 17-20-17z"/><path class="s" d="M60 32v48M46 62h8M66 62h8"/>',
  fleece:
    '<path class="a" d="M46 14h28l22 12-5 22-9-3v35H38V45l-9 3-5-22z"/><path class="b" d="M46 14c2 12 26 12 28 0l-4-3H50z"/><path class="s" d="M60 24v20M38 70h44"/>',
  trousers:
    '<path class="a" d="M42 10h36l6 70H66l-6-44-6 44H36z"/><path class="b" d="M42 10h36l1 8H41z"/><path class="s" d="M44 36h8M68 36h8"/>',
  sock: '<path class="a" d="M44 10h24v36l18 16c6 8-4 20-14 14L48 60c-3-2-4-5-4-9z"/><path class="b" d="M44 10h24v9H44zM70 74c8 4 20-4 16-12l-6-5c-6 2-12 10-10 17z"/>',
  hat: '<path class="a" d="M30 62c0-56 60-56 60 0z"/><path class="b" d="M26 58h68v14a4 4 0 0 1-4 4H30a4 4 0 0 1-4-4z"/><circle class="b" cx="60" cy="16" r="7"/><path class="s" d="M40 60v14M52 60v14M64 60v14M76 60v14"/>',
  pack: '<rect class="a" x="34" y="16" width="52" height="62" rx="14"/><path class="b" d="M34 36c0-28 52-28 52 0v8H34z"/><rect class="c" x="44" y="54" width="32" height="18" rx="4"/><path class="t" d="M50 16c0-9 20-9 20 0"/><path class="s" d="M48 44v10M72 44v10"/>',
  tent: '<path class="a" d="M60 14l46 62H14z"/><path class="b" d="M60 14l18 62H46z"/><path class="c" d="M60 36l9 40H53z"/><path class="s" d="M14 76l-6 4M106 76l6 4M60 14V8"/>',
  bag: '<path class="a" d="M22 46c0-22 20-26 40-22l34 8c8 4 8 26 0 32l-34 8c-20 4-40-2-40-26z"/><path class="b" d="M22 46c0-22 20-26 30-23 12 12 12 36 0 48-16 0-30-6-30-25z"/><ellipse class="c" cx="38" cy="47" rx="8" ry="13"/><path class="s" d="M70 28v40M84 32v32"/>',
  mat: '<rect class="a" x="18" y="50" width="86" height="18" rx="4"/><circle class="b" cx="32" cy="48" r="20"/><circle class="c" cx="32" cy="48" r="11"/><circle class="b" cx="32" cy="48" r="4"/>',
  stove:
    '<path class="b" d="M38 42h44l-6 14H44z"/><rect class="a" x="42" y="56" width="36" height="24" rx="6"/><path class="t" d="M36 42h48"/><path class="f" d="M60 12c12 12 10 26 0 28-12-2-10-14 0-28z"/>',
  mug: '<path class="a" d="M30 26h50v40a12 12 0 0 1-12 12H42a12 12 0 0 1-12-12z"/><path class="t" d="M80 36c20-4 20 28 0 26"/><path class="b" d="M30 26h50v8H30z"/><path class="s" d="M44 20c-4-6 4-8 0-14M58 20c-4-6 4-8 0-14"/>',
  bottle:
    '<path class="a" d="M46 34c0-6 4-8 4-12h20c0 4 4 6 4 12v38a8 8 0 0 1-8 8H54a8 8 0 0 1-8-8z"/><rect class="b" x="49" y="8" width="22" height="13" rx="4"/><rect class="c" x="46" y="46" width="28" height="16"/>',
  lamp: '<rect class="a" x="36" y="30" width="48" height="32" rx="10"/><circle class="f" cx="60" cy="46" r="12"/><path class="t" d="M36 46C10 44 14 18 60 16s50 28 24 30"/><path class="s" d="M50 68l-4 10M60 70v12M70 68l4 10"/>',
  poles:
    '<path class="t" d="M40 14L28 78M80 14l12 64"/><rect class="a" x="36" y="8" width="9" height="20" rx="4"/><rect class="a" x="75" y="8" width="9" height="20" rx="4"/><ellipse class="b" cx="31" cy="68" rx="8" ry="3"/><ellipse class="b" cx="89" cy="68" rx="8" ry="3"/>',
  hammock:
    '<path class="t" d="M12 20v58M108 20v58"/><path class="a" d="M12 28c20 52 76 52 96 0-24 22-72 22-96 0z"/><path class="b" d="M12 28c24 22 72 22 96 0-26 12-70 12-96 0z"/>',
  map: '<path class="c" d="M20 22l26-8 28 8 26-8v54l-26 8-28-8-26 8z"/><path class="a" d="M20 22l26-8v54l-26 8zM74 22l26-8v54l-26 8z"/><path class="s" d="M28 58c14-26 24 4 36-14s14-8 26-16"/>',
  beans:
    '<path class="a" d="M36 18h48l4 56a6 6 0 0 1-6 6H38a6 6 0 0 1-6-6z"/><path class="b" d="M36 18l4-8h40l4 8z"/><rect class="c" x="42" y="36" width="36" height="28" rx="3"/><ellipse class="a" cx="60" cy="50" rx="8" ry="11" transform="rotate(30 60 50)"/><path class="s" d="M55 58c8-4 2-10 10-16"/>',
  grinder:
    '<path class="b" d="M42 30h36l4 16H38z"/><rect class="a" x="40" y="46" width="40" height="34" rx="5"/><path class="t" d="M60 30V16h26"/><circle class="b" cx="88" cy="16" r="6"/><rect class="c" x="48" y="58" width="24" height="14" rx="2"/>',
  dripper:
    '<path class="a" d="M34 16h52L68 46H52z"/><rect class="b" x="42" y="45" width="36" height="5" rx="2"/><path class="c" d="M44 52h32l4 22a6 6 0 0 1-6 6H46a6 6 0 0 1-6-6z"/><path class="a" d="M42 64h36l2 10a6 6 0 0 1-6 6H46a6 6 0 0 1-6-6z"/><path class="t" d="M86 22c10 0 8 12-4 12"/>',
  moka: '<path class="a" d="M44 14h32l-4 28H48z"/><path class="b" d="M46 44h28l8 36H38z"/><rect class="c" x="44" y="41" width="32" height="5"/><path class="t" d="M76 20h14v26"/><circle class="b" cx="60" cy="10" r="4"/>',
  press:
    '<rect class="c" x="40" y="26" width="38" height="54" rx="4"/><path class="a" d="M40 46h38v30a4 4 0 0 1-4 4H44a4 4 0 0 1-4-4z"/><rect class="b" x="38" y="20" width="42" height="8" rx="3"/><path class="t" d="M59 20V8M78 36c18-2 18 30 0 28"/><circle class="b" cx="59" cy="7" r="4"/>',
  kettle:
    '<path class="a" d="M38 34h42l6 40a6 6 0 0 1-6 6H38a6 6 0 0 1-6-6z"/><path class="b" d="M42 26h34l4 8H38z"/><path class="t" d="M34 64C12 60 26 36 14 24M80 38c22-6 22 30 5 30"/><circle class="b" cx="59" cy="22" r="4"/>',
  machine:
    '<path class="a" d="M28 12h64v20H52v32h40v16H28z"/><rect class="b" x="58" y="32" width="18" height="8" rx="2"/><path class="t" d="M76 36h18"/><path class="c" d="M58 50h18v10a5 5 0 0 1-5 5h-8a5 5 0 0 1-5-5z"/><circle class="c" cx="40" cy="22" r="5"/>',
} as const;

export type Kind = keyof typeof DRAWINGS;
export type Tone = 'moss' | 'sky' | 'clay' | 'sun' | 'night' | 'berry' | 'sand' | 'bark';

/** Decorative: the product's name stands beside it. */
export function picture(kind: Kind, tone: Tone): string {
  return `<svg class="picture ${tone}" viewBox="0 0 120 90" aria-hidden="true" focusable="false">${DRAWINGS[kind]}</svg>`;
}
