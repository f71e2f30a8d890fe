import type { AttributeView, InputView, Value } from '../messages.ts';
import { today } from './dates.ts';
import { type Draft, type Problem, problemText, typed } from './value-draft.ts';
import { t } from './words.ts';

type Props = {
  attribute: AttributeView;
  draft: Draft;
  onDraft: (draft: Draft) => void;
  problem: Problem | null;
};

/** The input an attribute's schema asks for, with its help and what is wrong with it. */
export function ValueInput({ attribute, draft, onDraft, problem }: Props) {
  const { id, input } = attribute;
  const ofUntil = problem === 'input_until_missing' || problem === 'input_until_past';
  return (
    <div class="stack tight">
      <One
        {...{ id, input }}
        label={attribute.label}
        help={attribute.help}
        example={attribute.example}
        value={draft.value}
        invalid={problem !== null && !ofUntil}
        onValue={(value) => onDraft({ ...draft, value })}
      />
      <p class="problem" id={`problem-${id}`} role="alert">
        {problem && !ofUntil && problemText(input, problem)}
      </p>
      {attribute.hasUntil && (
        <p class="field">
          <label for={`until-${id}`}>{t('input_until')}</label>
          <input
            id={`until-${id}`}
            data-testid={`until-${id}`}
            type="date"
            min={today()}
            aria-invalid={ofUntil}
            aria-describedby={`until-problem-${id}`}
            value={draft.until ?? ''}
            onInput={(e) => onDraft({ ...draft, until: e.currentTarget.value || undefined })}
          />
          <span class="problem" id={`until-problem-${id}`} role="alert">
            {ofUntil && problemText(input, problem)}
          </span>
        </p>
      )}
    </div>
  );
}

/** Puts the keyboard where the problem is: the value itself, or the day it ends. */
export function focusInput(id: string, problem: Problem | null): void {
  const ofUntil = problem === 'input_until_missing' || problem === 'input_until_past';
  const input = document.getElementById(`${ofUntil ? 'until' : 'input'}-${id}`);
  const target = input?.matches('fieldset') ? input.querySelector('input') : input;
  target?.focus();
}

type OneProps = {
  id: string;
  input: InputView;
  label: string;
  help: string;
  example: string;
  value: Value | undefined;
  invalid: boolean;
  onValue: (value: Value | undefined) => void;
};

function One(props: OneProps) {
  const { id, input, label, help, example, value, invalid, onValue } = props;
  const described = `help-${id} problem-${id}`;
  const common = {
    id: `input-${id}`,
    'data-testid': `input-${id}`,
    'aria-invalid': invalid,
    'aria-describedby': described,
  };

  if (input.kind === 'choices' || input.kind === 'yes-no')
    return (
      <fieldset {...common}>
        <legend class="own">{label}</legend>
        <Help id={id} help={help} />
        {input.kind === 'choices' ? (
          <Choices
            {...{ id, onValue, options: input.options, max: input.max }}
            chosen={Array.isArray(value) ? value : []}
          />
        ) : (
          <YesNo {...{ id, value, onValue }} />
        )}
      </fieldset>
    );

  const text = value === undefined ? '' : String(value);
  const onText = (next: string) => onValue(typed(input, next));
  return (
    <p class="field">
      <label class="own" for={common.id}>
        {label}
      </label>
      <Help id={id} help={help} />
      {input.kind === 'choice' ? (
        <select {...common} value={text} onChange={(e) => onText(e.currentTarget.value)}>
          <option value="">{t('input_choose')}</option>
          {input.options.map((option) => (
            <option key={option.id} value={option.id}>
              {option.label}
            </option>
          ))}
        </select>
      ) : input.kind === 'number' ? (
        <span class="row">
          <input
            {...common}
            type="number"
            min={input.min}
            max={input.max}
            step={input.step}
            value={text}
            onInput={(e) => {
              const n = e.currentTarget.valueAsNumber;
              onValue(Number.isNaN(n) ? undefined : n);
            }}
          />
          {input.unit && <span>{input.unit}</span>}
        </span>
      ) : (
        <input
          {...common}
          {...TYPES[input.kind]}
          maxLength={input.kind === 'text' ? input.maxLength : 254}
          placeholder={input.kind === 'date' ? '' : example}
          value={text}
          onInput={(e) => onText(e.currentTarget.value)}
        />
      )}
    </p>
  );
}

/** Nothing here is what a browser should remember elsewhere: the vault is the place. */
const TYPES = {
  text: { type: 'text', autocomplete: 'off' },
  date: { type: 'date' },
  email: { type: 'email', autocomplete: 'off', spellcheck: false },
  phone: { type: 'tel', autocomplete: 'off' },
} as const;

function Help({ id, help }: { id: string; help: string }) {
  return (
    <span class="hint" id={`help-${id}`}>
      {help}
    </span>
  );
}

function Choices({
  id,
  options,
  max,
  chosen,
  onValue,
}: {
  id: string;
  options: { id: string; label: string }[];
  max: number;
  chosen: string[];
  onValue: (value: Value | undefined) => void;
}) {
  const full = chosen.length >= max;
  return (
    <>
      <div class="options">
        {options.map((option) => {
          const on = chosen.includes(option.id);
          return (
            <label class="tick" key={option.id}>
              <input
                type="checkbox"
                data-testid={`input-${id}-${option.id}`}
                checked={on}
                disabled={full && !on}
                onChange={(e) => {
                  const next = e.currentTarget.checked
                    ? [...chosen, option.id]
                    : chosen.filter((other) => other !== option.id);
                  onValue(next.length ? next : undefined);
                }}
              />
              {option.label}
            </label>
          );
        })}
      </div>
      {max < options.length && <span class="hint">{t('input_at_most', String(max))}</span>}
    </>
  );
}

function YesNo({
  id,
  value,
  onValue,
}: {
  id: string;
  value: Value | undefined;
  onValue: (value: Value) => void;
}) {
  return (
    <div class="options">
      {([true, false] as const).map((answer) => (
        <label class="tick" key={String(answer)}>
          <input
            type="radio"
            name={`input-${id}`}
            data-testid={`input-${id}-${answer ? 'yes' : 'no'}`}
            checked={value === answer}
            onChange={() => onValue(answer)}
          />
          {t(answer ? 'yes' : 'no')}
        </label>
      ))}
    </div>
  );
}
