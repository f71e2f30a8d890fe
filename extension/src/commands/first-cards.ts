import { attribute } from '@zusage/protocol/vocabulary/index';
import type { AttributeView } from '../messages.ts';
import type { HeldAttribute } from '../sharing/attribute-lookup.ts';
import type { Services } from '../sharing/services.ts';
import { argsOf, NoArgs } from './args.ts';
import { attributeView } from './views.ts';

/** Nothing delicate, and of use to many shops; the easiest first. */
const FIRST = [
  'preference.color',
  'size.shoe',
  'preference.coffee-roast',
  'interest.outdoor',
  'preference.delivery',
];

export function firstCardCommands(services: Services) {
  return {
    /** The five first questions, with what the vault holds already. @throws VaultError */
    firstCards: async (args: unknown): Promise<AttributeView[]> => {
      argsOf(NoArgs, args);
      const cards: AttributeView[] = [];
      for (const id of FIRST) {
        const what = attribute(id);
        const held: HeldAttribute | undefined = await services.vault.get('attribute', id);
        if (what) cards.push(attributeView(services, id, what, held));
      }
      return cards;
    },
  };
}
