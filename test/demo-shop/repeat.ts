/** Runs an act again and again, never twice at once, and without keeping the process alive. */
export function repeat(act: () => Promise<void>, seconds: number): { stop: () => Promise<void> } {
  let running = Promise.resolve();
  let stopped = false;
  let timer: NodeJS.Timeout;
  const plan = () => {
    timer = setTimeout(() => {
      running = act().finally(() => {
        if (!stopped) plan();
      });
    }, seconds * 1000).unref();
  };
  plan();
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
