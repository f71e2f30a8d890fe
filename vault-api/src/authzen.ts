import * as z from 'zod';
import { Attribute, Purpose } from './names.ts';

// The information model of the AuthZEN Authorization API 1.0 (OpenID Foundation, final of January 2026), §§5–9. Unknown
// members are ignored (§10.1.1), so these schemas are not strict. `properties` and `context` may come along and decide
// nothing here: a grant alone does.

/** Most items of one batch. */
export const MAX_EVALUATIONS = 1000;
/** Most results of one page. */
export const MAX_PAGE = 1000;

const Text = z.string().min(1).max(200);
const Properties = z.record(z.string(), z.unknown()).optional();
const Entity = z.object({ type: Text, id: Text, properties: Properties });
/** What is searched for: an `id` may be there and is ignored. */
const EntityType = z.object({ type: Text, properties: Properties });
const Action = z.object({ name: Text, properties: Properties });

export const Evaluation = z.object({
  subject: Entity,
  action: Action,
  resource: Entity,
  context: Properties,
});
export type Evaluation = z.infer<typeof Evaluation>;

export const SEMANTICS = ['execute_all', 'deny_on_first_deny', 'permit_on_first_permit'] as const;
export type Semantic = (typeof SEMANTICS)[number];

/** §7.1: the members beside `evaluations` are what its items leave out. */
export const Evaluations = Evaluation.partial().extend({
  evaluations: z.array(z.record(z.string(), z.unknown())).min(1).max(MAX_EVALUATIONS),
  options: z.object({ evaluations_semantic: z.enum(SEMANTICS).optional() }).optional(),
});
export type Evaluations = z.infer<typeof Evaluations>;

/** §7.1: without items, a batch is a single evaluation. */
const NoItems = z.object({ evaluations: z.array(z.never()).max(0).optional() });

export function hasItems(body: unknown): boolean {
  return !NoItems.safeParse(body).success;
}

const Page = z
  .object({
    token: z.string().max(2048).optional(),
    limit: z.int().nonnegative().optional(),
    properties: Properties,
  })
  .optional();

const query = { context: Properties, page: Page };
export const SubjectSearch = z.object({
  subject: EntityType,
  action: Action,
  resource: Entity,
  ...query,
});
export const ResourceSearch = z.object({
  subject: Entity,
  action: Action,
  resource: EntityType,
  ...query,
});
export const ActionSearch = z.object({ subject: Entity, resource: Entity, ...query });

export type SubjectSearch = z.infer<typeof SubjectSearch>;
export type ResourceSearch = z.infer<typeof ResourceSearch>;
export type ActionSearch = z.infer<typeof ActionSearch>;

export const SUBJECT_TYPE = 'user';
export const RESOURCE_TYPE = 'attribute';

/** May this attribute of this person be used for this purpose? */
export type Question = {
  readonly subject: string;
  readonly purpose: string;
  readonly attribute: string;
  /** What no grant can hold, whoever asks; then nobody's grants are looked at. */
  readonly foreign: 'subject.type' | 'resource.type' | 'action.name' | 'resource.id' | null;
};

export function questionOf({ subject, action, resource }: Evaluation): Question {
  const purpose = action.name;
  const attribute = resource.id;
  const foreign = foreignIn({
    subjectType: subject.type,
    resourceType: resource.type,
    purpose,
    attribute,
  });
  return { subject: subject.id, purpose, attribute, foreign };
}

/** @param asked null for what is searched for */
export function foreignIn(asked: {
  readonly subjectType: string;
  readonly resourceType: string;
  readonly purpose: string | null;
  readonly attribute: string | null;
}): Question['foreign'] {
  const { subjectType, resourceType, purpose, attribute } = asked;
  if (subjectType !== SUBJECT_TYPE) return 'subject.type';
  if (resourceType !== RESOURCE_TYPE) return 'resource.type';
  if (purpose !== null && !Purpose.safeParse(purpose).success) return 'action.name';
  if (attribute !== null && !Attribute.safeParse(attribute).success) return 'resource.id';
  return null;
}

/**
 * §7.1.1: an item's own `subject`, `action`, `resource` and `context` each replace the default whole. null for an item
 * that is not an evaluation: a failure of its own, never of the batch.
 */
export function itemsOf({ evaluations, ...defaults }: Evaluations): (Question | null)[] {
  return evaluations.map((item) => {
    const parsed = Evaluation.safeParse({ ...defaults, ...item });
    return parsed.success ? questionOf(parsed.data) : null;
  });
}
