import type { AttributeView } from '../../messages.ts';

/** Groups in the order in which the classes first appear. */
export function byClass(all: AttributeView[]): [string, string, AttributeView[]][] {
  const groups = new Map<string, [string, string, AttributeView[]]>();
  for (const attribute of all) {
    const group = groups.get(attribute.classId);
    if (group) group[2].push(attribute);
    else groups.set(attribute.classId, [attribute.classId, attribute.classLabel, [attribute]]);
  }
  return [...groups.values()];
}
