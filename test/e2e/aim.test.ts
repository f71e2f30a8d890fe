import { expect, test } from 'vitest';
import { clickOn } from './aim.ts';
import { plainBrowser } from './plain-browser.ts';

const browser = plainBrowser();

test('a button that moves away under the mouse is clicked once, and what came in its place is not', async () => {
  const page = await browser().newPage();
  await page.setContent('<div id="other">Other</div><div id="aim">Aim</div>');
  await page.evaluate(() => {
    for (const one of document.querySelectorAll('div')) {
      one.addEventListener('click', () => one.append('!'));
    }
    const other = document.querySelector<HTMLElement>('#other');
    if (other) other.hidden = true;
    // After the aim was taken, and before the click.
    addEventListener('mousemove', () => {
      if (other) other.hidden = false;
    });
  });
  await clickOn(await page.$('#aim'));
  expect(await page.evaluate(() => document.body.innerText.split('\n'))).toEqual(['Other', 'Aim!']);
});
