import { expect, test, vi } from 'vitest';
import { READ, READ_PAUSE } from './reading.ts';
import { OWN_PAGE } from './testing/memory-browser.ts';
import { scripted } from './testing/scripted.ts';
import { startWorker } from './worker.ts';

type Alarm = Parameters<
  ReturnType<typeof scripted>['memory']['events']['alarms']['onAlarm']['trigger']
>[0];
const NOW = 1_800_000_000_000;
const command = (name: string) => ({ zusage: 'command', command: name, args: {} });

function started(vault: 'locked' | 'unlocked') {
  const script = scripted();
  script.state.vault = vault;
  const clock = { now: NOW };
  script.ports.now = () => clock.now;
  script.ports.random = () => 0.5;
  startWorker(script.ports);
  const { alarms } = script.ports.browser;
  return {
    ...script,
    clock,
    planned: async () => (await alarms.get(READ))?.scheduledTime,
    ring: () => script.memory.events.alarms.onAlarm.trigger({ name: READ } as Alarm),
  };
}
const HALFWAY = (READ_PAUSE.shortest + READ_PAUSE.longest) / 2;

test('uses are read at random moments, one grant at each, while the vault is unlocked', async () => {
  const { planned, ring, ports, clock } = started('unlocked');
  await vi.waitFor(async () => expect(await planned()).toBe(NOW + HALFWAY));
  expect(ports.readDue).not.toHaveBeenCalled();
  clock.now += HALFWAY;
  await ring();
  await vi.waitFor(() => expect(ports.readDue).toHaveBeenCalledTimes(1));
  expect(await planned()).toBe(NOW + 2 * HALFWAY);
});

test('a failure does not end the reading', async () => {
  const { planned, ring, ports } = started('unlocked');
  vi.mocked(ports.readDue).mockRejectedValue(new Error('storage'));
  await vi.waitFor(async () => expect(await planned()).toBeDefined());
  await ring();
  await vi.waitFor(() => expect(ports.readDue).toHaveBeenCalled());
  expect(await planned()).toBeDefined();
});

test('nothing is read while locked, and locking calls off what was planned', async () => {
  const { planned, ring, ports, memory } = started('locked');
  await ring();
  expect(await planned()).toBeUndefined();
  await memory.deliver(command('unlock'), OWN_PAGE);
  expect(await planned()).toBe(NOW + HALFWAY);
  await memory.deliver(command('lock'), OWN_PAGE);
  expect(await planned()).toBeUndefined();
  expect(ports.readDue).not.toHaveBeenCalled();
});

test('a start of the worker does not move what is planned', async () => {
  const { planned, memory, ports, clock } = started('unlocked');
  await vi.waitFor(async () => expect(await planned()).toBe(NOW + HALFWAY));
  memory.dropListeners();
  clock.now += 30_000;
  startWorker(ports);
  await memory.deliver(command('status'), OWN_PAGE);
  expect(await planned()).toBe(NOW + HALFWAY);
});
