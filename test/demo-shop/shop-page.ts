// What runs in the visitor's browser. It cannot know whether they have a vault: it hears when they connect this page.
import { onConnected, requestGrant } from '@zusage/protocol/brand/page';

/** Set once this tab has asked without a press of the button, so that no later page does it again. */
const OFFERED = 'offered';

const button = document.querySelector<HTMLButtonElement>('#personalise');
const steps = document.querySelector<HTMLElement>('#steps');
const said = document.querySelector<HTMLElement>('#said');

if (button && steps && said) offer(button, steps, said);

function offer(button: HTMLButtonElement, steps: HTMLElement, said: HTMLElement): void {
  let connected = false;
  let wanted = false;
  let asking = false;

  async function ask(): Promise<void> {
    if (asking) return;
    asking = true;
    button.disabled = true;
    steps.hidden = true;
    said.textContent = said.dataset.asking ?? '';
    try {
      const { request } = await post('/personalise/request', {});
      const result = await requestGrant(request as string);
      if (result.granted) {
        await post('/personalise/response', { response: result.response });
        location.assign('/');
        return;
      }
      said.textContent = said.dataset.notGranted ?? '';
    } catch {
      said.textContent = said.dataset.failed ?? '';
    }
    asking = false;
    wanted = false;
    button.disabled = false;
  }

  button.addEventListener('click', () => {
    wanted = true;
    if (connected) void ask();
    else {
      steps.hidden = false;
      steps.focus();
    }
  });

  // Connecting is the person's own act on this page, so the shop may ask once without a further one. On a site that is
  // always connected the news comes while the page loads; then nobody has done anything yet, and the button decides.
  onConnected(() => {
    connected = true;
    const actedNow = document.readyState === 'complete' && sessionStorage.getItem(OFFERED) === null;
    if (!wanted && !actedNow) return;
    sessionStorage.setItem(OFFERED, 'yes');
    void ask();
  });
}

async function post(path: string, body: object): Promise<Record<string, unknown>> {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}
