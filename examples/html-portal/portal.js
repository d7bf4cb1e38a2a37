// What the portal says once for its page: where fresh tokens come from, and what it does with rows that are opened.
import { configure, signOut } from 'STORE/embed/v1/embed.js';

const first = await token();
if (first !== '') configure({ token });

async function token() {
  return (await fetch('/token')).text();
}

document.addEventListener('exa-open', ({ detail }) => {
  document.querySelector('#opened').textContent = `Row ${detail.row} of ${detail.dataset} was opened.`;
});

document.querySelector('#leave').addEventListener('click', async () => {
  await signOut();
  document.querySelector('#opened').textContent = 'Signed out: nothing of yours is kept in this browser.';
});

// Gadgets come once it is known as whom they ask.
document.querySelector('main').append(document.querySelector('template').content);
