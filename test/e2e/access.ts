/** What every screen must stand: the keyboard alone, twice the size, and no movement. */
import type { Page } from 'puppeteer-core';
import { expect } from 'vitest';

/** More stops than any screen has. */
const ENDLESS = 400;

/**
 * Walks through the page with the Tab key: each control is reached once, in the order in which it is read, is in view
 * and shows that it has the focus, and the walk comes to an end. The focus is put back where it was.
 */
export async function walk(page: Page, name: string): Promise<void> {
  await page.evaluate(beginWalk);
  const stops: string[] = [];
  const faults: string[] = [];
  for (; stops.length < ENDLESS; ) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(lookAtFocus);
    if (stop === null) break;
    stops.push(stop.what);
    faults.push(...stop.faults.map((fault) => `${stop.what} ${fault}`));
  }
  if (stops.length === ENDLESS) faults.push('Tab never comes to the end');
  faults.push(...(await page.evaluate(endWalk)));
  expect(faults, `${name}, by keyboard`).toEqual([]);
}

/** After whatever the person did, something has the focus: nobody starts again from the top of the page. */
export async function keepsFocus(page: Page, name: string): Promise<void> {
  // A page sets the focus once it has drawn what came: there is a moment in which nothing has it.
  const kept = await page
    .waitForFunction(
      () =>
        !['pointerdown', 'keydown'].some((type) => performance.eventCounts.get(type)) ||
        document.activeElement !== document.body,
    )
    .then(
      () => true,
      () => false,
    );
  expect(kept, `${name}: the focus is lost`).toBe(true);
}

/**
 * Escape closes what `opener` opens, and the focus is back at `opener`, by keyboard alone.
 * @param shows test id of something that is there only while it is open
 */
export async function closesByEscape(page: Page, opener: string, shows: string): Promise<void> {
  const by = (testid: string) => `[data-testid="${testid}"]`;
  const within = (selector: string, what: string, hidden = false) =>
    page.waitForSelector(selector, { hidden }).catch(() => {
      throw new Error(`${opener}: ${what}`);
    });
  await page.focus(by(opener));
  await page.keyboard.press('Enter');
  await within(by(shows), 'Enter opens nothing');
  // Where a person is by the time they press the next key.
  await page.waitForFunction(
    (selector) =>
      ![document.body, document.querySelector(selector)].includes(document.activeElement),
    {},
    by(opener),
  );
  await page.keyboard.press('Escape');
  await within(by(shows), 'Escape does not close it', true);
  await within(`${by(opener)}:focus`, 'the focus does not come back');
}

/**
 * What `act` changed is told to somebody who does not see the screen: by a live region that was there before, by an
 * alert, or by the heading that takes the focus.
 */
export async function isTold(page: Page, name: string, act: () => Promise<unknown>): Promise<void> {
  await page.evaluate(beginListening);
  await act();
  const told = await page
    .waitForFunction(() => {
      const { told, from } = (window as unknown as Listening).zusageListening;
      const now = document.activeElement;
      return told.length > 0 || (now !== from && now?.matches('h1, h2, h3, h4'));
    })
    .then(
      () => true,
      () => false,
    );
  expect(told, `${name}: nobody is told`).toBe(true);
  await page.evaluate(() => (window as unknown as Listening).zusageListening.end());
}

/** Nothing moves for a person who asked for that. The page is told to prefer reduced motion. */
export async function standsStill(page: Page, name: string): Promise<void> {
  const moving = await page.evaluate(() =>
    document
      .getAnimations()
      .filter(({ playState, effect }) => {
        const { duration, iterations } = effect?.getComputedTiming() ?? {};
        return playState === 'running' && Number(duration) * Number(iterations) > 1;
      })
      .map(({ effect }) => (effect as KeyframeEffect | null)?.target?.outerHTML.slice(0, 120)),
  );
  expect(moving, `${name}, moving`).toEqual([]);
}

/**
 * A column of 320 CSS pixels (WCAG 2.2, 1.4.10), and a window at 200 % with text twice as large (1.4.4): nothing
 * scrolls sideways, nothing is cut off and nothing lies over anything else.
 */
export async function enlarges(page: Page, name: string): Promise<void> {
  // A popup has the width that its content gives it.
  const popup = page.url().endsWith('/popup.html');
  const sizes = popup
    ? []
    : ([
        [320, 1, '320 CSS pixels wide'],
        [640, 1, 'at 200 %'],
      ] as const);
  for (const [width, deviceScaleFactor, how] of sizes) {
    await page.setViewport({ width, height: 400, deviceScaleFactor });
    expect(await page.evaluate(crowding), `${name}, ${how}`).toEqual([]);
  }
  await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'));
  const found = await page.evaluate(crowding);
  // People's browsers make the popup as wide as its content; one that is driven by a test does not.
  const faults = popup ? found.filter((fault) => !fault.startsWith('scrolls')) : found;
  expect(faults, `${name}, text at 200 %`).toEqual([]);
  await page.evaluate(() => document.documentElement.style.removeProperty('font-size'));
}

// What follows runs in the page.

type Listening = Window & {
  zusageListening: { told: string[]; from: Element | null; end: () => void };
};

function beginListening(): void {
  const LIVE = '[role="status"], [role="alert"], [aria-live="polite"], [aria-live="assertive"]';
  const there = new Set(document.querySelectorAll(LIVE));
  const told: string[] = [];
  const observer = new MutationObserver((changes) => {
    for (const { target, addedNodes } of changes) {
      const element = target instanceof Element ? target : target.parentElement;
      const alerts = [...addedNodes].flatMap((node) =>
        node instanceof Element
          ? [
              ...(node.matches('[role="alert"]') ? [node] : []),
              ...node.querySelectorAll('[role="alert"]'),
            ]
          : [],
      );
      for (const region of [element?.closest(LIVE), ...alerts]) {
        // Of a region that comes with its words only an alert is read out.
        if (!region || !(there.has(region) || region.matches('[role="alert"]'))) continue;
        const words = region.textContent?.trim();
        if (words) told.push(words);
      }
    }
  });
  observer.observe(document.body, { subtree: true, childList: true, characterData: true });
  (window as unknown as Listening).zusageListening = {
    told,
    from: document.activeElement,
    end: () => observer.disconnect(),
  };
}

type Walk = { from: Element | null; last: Element | null; met: Set<Element> };
type Walking = Window & { zusageWalk: Walk };

function beginWalk(): void {
  const from = document.activeElement;
  (window as unknown as Walking).zusageWalk = { from, last: null, met: new Set() };
  (from as HTMLElement | null)?.blur();
  // The walk begins before the first element of the page, wherever the focus was.
  const selection = getSelection();
  selection?.removeAllRanges();
  document.body.tabIndex = -1;
  document.body.focus({ preventScroll: true });
  document.body.removeAttribute('tabindex');
}

/** What has the focus now; null at the end of the page. */
function lookAtFocus(): { what: string; faults: string[] } | null {
  const walk = (window as unknown as Walking).zusageWalk;
  const focused = document.activeElement as HTMLElement | null;
  if (focused === null || focused === document.body) return null;
  // A date has parts, each a stop of its own; whoever never gets out meets ENDLESS.
  if (focused === walk.last && focused.matches('[type="date"], [type="month"]'))
    return { what: focused.outerHTML.slice(0, 120), faults: [] };
  if (walk.met.has(focused)) return null;
  const faults: string[] = [];
  if (walk.last && !(walk.last.compareDocumentPosition(focused) & Node.DOCUMENT_POSITION_FOLLOWING))
    faults.push('is reached after something that is read later');
  if (focused.tabIndex > 0) faults.push('has a place of its own in the order');
  const { width, height, top, bottom } = focused.getBoundingClientRect();
  if (width === 0 || height === 0) faults.push('has no size');
  else if (bottom <= 0 || top >= innerHeight) faults.push('is out of view');
  // What a control is drawn by may be its label.
  const drawn = [focused, focused.closest('label')].filter((one) => one !== null);
  const marked = drawn.some((element) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
    return (
      (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2) || boxShadow !== 'none'
    );
  });
  if (!marked) faults.push('does not show that it has the focus');
  walk.last = focused;
  walk.met.add(focused);
  return { what: focused.outerHTML.slice(0, 120), faults };
}

/** @returns the controls that were not reached */
function endWalk(): string[] {
  const { from, met } = (window as unknown as Walking).zusageWalk;
  const missed = [
    ...document.querySelectorAll<HTMLElement>(
      'a[href], button, input, select, textarea, summary, [tabindex="0"], [role="button"]',
    ),
  ].filter((element) => {
    if (met.has(element) || element.matches(':disabled, input[type="hidden"]')) return false;
    if (!element.checkVisibility({ visibilityProperty: true })) return false;
    const { type, name } = element as HTMLInputElement;
    // Of a group of radio buttons one is a stop; the arrow keys lead to the others.
    return !(type === 'radio' && [...met].some((one) => (one as HTMLInputElement).name === name));
  });
  (from as HTMLElement | null)?.focus({ preventScroll: true });
  scrollTo(0, 0);
  return missed.map((element) => `not reached: ${element.outerHTML.slice(0, 120)}`);
}

/** @returns what does not fit */
function crowding(): string[] {
  const faults: string[] = [];
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) faults.push(`scrolls sideways by ${scrollWidth - clientWidth}`);
  const name = (element: Element) => element.outerHTML.slice(0, 120);
  const leaves: { element: HTMLElement; box: DOMRect }[] = [];
  for (const element of document.querySelectorAll<HTMLElement>('body *')) {
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const { overflowX, textOverflow, position, clipPath } = getComputedStyle(element);
    if (clipPath !== 'none') continue;
    // What is in a field moves along with the cursor.
    const control = element.matches('button, input, select, textarea');
    const wide = !control && element.scrollWidth > element.clientWidth + 1;
    if (
      wide &&
      element.clientWidth > 0 &&
      (overflowX === 'hidden' || overflowX === 'clip' || textOverflow === 'ellipsis')
    )
      faults.push(`cut off: ${name(element)}`);
    const words = [...element.childNodes].some(
      (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim(),
    );
    const floats = position === 'fixed' || position === 'sticky' || element.closest('[popover]');
    if ((words || control) && !floats)
      leaves.push({ element, box: element.getBoundingClientRect() });
  }
  leaves.forEach((one, i) => {
    for (const other of leaves.slice(i + 1)) {
      if (one.element.contains(other.element)) continue;
      const across =
        Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      const along =
        Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
      // Text that wraps within a line has a box as wide as the line.
      const inline = [one, other].some(
        ({ element }) => getComputedStyle(element).display === 'inline',
      );
      if (across > 2 && along > 2 && !inline)
        faults.push(`${name(one.element)} lies over ${name(other.element)}`);
    }
  });
  return faults;
}
