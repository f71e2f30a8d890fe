import * as z from 'zod';
import { ATTRIBUTE, PURPOSE } from './names.ts';

// The information model of the AuthZEN Authorization API 1.0 (OpenID Foundation, final of January 2026), §§5–9. Unknown
// members are ignored (§10.1.1), so these schemas are not strict. `properties` and `context` may come along and decide
// nothing here: a grant alone does.

/** Most items of one batch. */
export const MAX_EVALUATIONS = 1000;
/** Most results of one page. */
export const MAX_PAGE = 1000;

/** Most characters of a type, an id or a name. */
const MAX_TEXT = 200;

const Text = z.string().min(1).max(MAX_TEXT);
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

type Members = { readonly [member: string]: unknown };
const NO_DEFAULTS: Members = {};

/**
 * What `Evaluation` says, without making a copy: it is asked for each item of each batch.
 * @param sent JSON
 * @param defaults §7.1.1: each replaced whole by the item's own
 * @returns null for what is no evaluation
 */
export function questionIn(sent: unknown, defaults: Members = NO_DEFAULTS): Question | null {
  if (!isObject(sent)) return null;
  const {
    subject = defaults.subject,
    action = defaults.action,
    resource = defaults.resource,
    context = defaults.context,
  } = sent;
  if (!isEntity(subject) || !isEntity(resource)) return null;
  if (!isNamed(action) || !isObjectOrNone(context)) return null;
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

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isObjectOrNone(value: unknown): boolean {
  return value === undefined || isObject(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_TEXT;
}

function isEntity(value: unknown): value is { type: string; id: string } {
  return (
    isObject(value) && isText(value.type) && isText(value.id) && isObjectOrNone(value.properties)
  );
}

function isNamed(value: unknown): value is { name: string } {
  return isObject(value) && isText(value.name) && isObjectOrNone(value.properties);
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
  if (purpose !== null && !PURPOSE.test(purpose)) return 'action.name';
  if (attribute !== null && !ATTRIBUTE.test(attribute)) return 'resource.id';
  return null;
}

const BesideItems = Evaluations.omit({ evaluations: true });

export type Batch = {
  /** null for an item that is not an evaluation: a failure of its own, never of the batch. */
  readonly questions: readonly (Question | null)[];
  readonly semantic: Semantic;
};

/** @param body JSON @returns null for what `Evaluations` refuses */
export function batchIn(body: unknown): Batch | null {
  if (!isObject(body) || !areItems(body.evaluations)) return null;
  const beside = BesideItems.safeParse(body);
  if (!beside.success) return null;
  return {
    questions: body.evaluations.map((item) => questionIn(item, body)),
    semantic: beside.data.options?.evaluations_semantic ?? 'execute_all',
  };
}

function areItems(value: unknown): value is Members[] {
  if (!Array.isArray(value)) return false;
  return value.length > 0 && value.length <= MAX_EVALUATIONS && value.every(isObject);
}
