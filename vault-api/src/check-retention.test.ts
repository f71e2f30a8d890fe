import { expect, test, vi } from 'vitest';
import { newPerson, readCall, share } from './testing/person.ts';
import { rows } from './testing/rows.ts';
import { until } from './testing/until.ts';
import { check, startWorld } from './testing/world.ts';

const DAY = 86_400;

test.each([
  [undefined, 30],
  [7, 7],
])(
  'with %s set, checks are kept %i days, and a reader’s cursor outlives them',
  async (setting, days) => {
    const limits = setting === undefined ? {} : { checkRetentionDays: setting };
    const world = await startWorld(limits);
    const person = await newPerson();
    const { grant } = await share(world, person);
    await check(world, person.pseudonym);
    const { cursor } = (await readCall(world, person, grant)).body;
    const checks = async (after: string | null) =>
      (await readCall(world, person, grant, { after })).body.checks as unknown[];

    world.now += days * DAY - 1;
    await world.restart();
    expect(await checks(null)).toHaveLength(1);
    world.now += 1;
    await world.restart();
    expect(await checks(null)).toHaveLength(0);

    await check(world, person.pseudonym);
    expect(await checks(cursor as string)).toHaveLength(1);
    await world.close();
  },
);

test('a service that runs on forgets them, too: it sweeps every ten minutes', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const world = await startWorld({ atRest: true });
  try {
    const person = await newPerson();
    await share(world, person);
    await check(world, person.pseudonym);
    expect(rows(world)).toContain('"kind":"evaluation"');
    world.now += 30 * DAY;
    vi.advanceTimersByTime(600_000);
    await until(async () => !rows(world).includes('"kind":"evaluation"'));
  } finally {
    vi.useRealTimers();
    await world.close();
  }
});
