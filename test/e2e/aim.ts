import type { ElementHandle } from 'puppeteer-core';
import { until } from './until.ts';

/**
 * A real click of the mouse on this element and on nothing else. Puppeteer finds out where an element is and clicks
 * there; what moves in between, because the page has just got news or another size, is missed. Such a click reaches
 * nothing, and another is aimed, as people do.
 */
export async function clickOn(button: ElementHandle<Element> | null | undefined): Promise<void> {
  if (!button) throw new Error('There is nothing to click on.');
  await until('the click to reach what it is aimed at', async () => {
    await button.evaluate(bringOut);
    const shot = await button.evaluateHandle(watch);
    await button.click();
    // A page that is gone was left by the click.
    return shot.evaluate((it) => it.end()).catch(() => true);
  });
}

/** What lies under something else, as under the bar to undo, is scrolled out from under it. */
function bringOut(button: Element): void {
  const { left, top, width, height } = button.getBoundingClientRect();
  const hit = document.elementFromPoint(left + width / 2, top + height / 2);
  if (hit !== null && !button.contains(hit)) {
    button.scrollIntoView({ block: 'center', behavior: 'instant' });
  }
}

/** Keeps what the mouse does from everything but the button, until it was clicked. */
function watch(button: Element): { end: () => boolean } {
  const kinds = ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click'];
  let isHit = false;
  const see = (event: Event) => {
    // A label passes its click on.
    if (isHit || !event.isTrusted) return;
    if (event.composedPath().includes(button)) {
      isHit = event.type === 'click';
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  for (const kind of kinds) window.addEventListener(kind, see, true);
  return {
    end: () => {
      for (const kind of kinds) window.removeEventListener(kind, see, true);
      return isHit;
    },
  };
}
