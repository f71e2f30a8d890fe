import { withVault } from './bench-client.ts';
import { type Row, round } from './bench-measure.ts';
import { simulate } from './simulation.ts';

const PLAN = { brands: 5, people: 400, checks: 8000, seed: 1 };

/** The public API under what really comes: people who register, change their minds and take that back, between checks. */
export async function benchSimulation(): Promise<Row[]> {
  return withVault(async ({ server }) => {
    const { seconds, disagreements, ...done } = await simulate(
      { ...PLAN, api: server.url },
      () => {},
    );
    const answers = done.registrations + done.changes + done.checks;
    return [
      {
        part: 'Simulation',
        what: 'answers that are the model’s ÷ all',
        ratio: (answers - disagreements.length) / answers,
        target: 1,
        behind: `${round(answers)} answers to ${PLAN.people} people and ${PLAN.brands} brands, seed ${PLAN.seed}: ${round(done.registrations / seconds.registering)} registrations a second, then ${round(done.checks / seconds.checking)} checks a second with ${done.changes} changes between them; all keys and the model in one process beside the service`,
      },
    ];
  });
}
