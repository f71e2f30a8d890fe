import { ATTRIBUTES, type Attribute, type Lang } from '@zusage/protocol/vocabulary/index';
import type { FileView } from '../messages.ts';
import type { Services } from '../sharing/services.ts';

/**
 * Every attribute as a row whose value is still empty. A byte order mark, semicolons and CRLF, because table programs
 * with German settings take nothing else for a table; the import reads any of them.
 */
export function importTemplate({ lang }: Services): FileView {
  const rows = [
    ['id', 'value', 'until', 'label', 'example', 'allowed'],
    ...ATTRIBUTES.map((what) => [
      what.id,
      '',
      '',
      what.label[lang],
      what.example[lang],
      allowed(what, lang),
    ]),
  ];
  const text = rows.map((row) => row.map(cell).join(';')).join('\r\n');
  return { name: 'zusage-template.csv', text: `\uFEFF${text}\r\n`, type: 'text/csv' };
}

function allowed({ value }: Attribute, lang: Lang): string {
  switch (value.kind) {
    case 'choice':
    case 'choices':
      return value.options.map(({ label }) => label[lang]).join(' | ');
    case 'number':
      return `${value.min}–${value.max}${value.unit ? ` ${value.unit[lang]}` : ''}`;
    case 'yes-no':
      return lang === 'de' ? 'ja | nein' : 'yes | no';
    case 'date':
      return '2027-12-31';
    case 'text':
    case 'email':
    case 'phone':
      return '';
  }
}

function cell(text: string): string {
  return /[;"\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
