/** Questions that have names: a choice of them, and small fields for what they can be told. The server fills them in. */

/** @param {HTMLElement} place */
const names = (place) => [...place.querySelectorAll('input')].map((field) => field.name).join();

/**
 * @param {HTMLElement} form  works without this, too: then the page comes anew
 * @param {(query: string) => void} write
 */
export function examples(form, write) {
  let asked = 0;
  const fill = async () => {
    asked += 1;
    const mine = asked;
    const fields = new URLSearchParams(/** @type {any} */ (new FormData(/** @type {HTMLFormElement} */ (form))));
    const answer = await fetch(`?${fields}`, { headers: { Accept: 'text/html' } });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const parameters = page.getElementById('_parameters');
    const query = /** @type {HTMLTextAreaElement | null} */ (page.getElementById('_query'));
    if (mine !== asked || !parameters || !query) return;
    const shown = /** @type {HTMLElement} */ (document.getElementById('_parameters'));
    const wrong = parameters.querySelector('.wrong');
    if (names(shown) === names(parameters)) {
      // One may be in the next field already.
      shown.querySelector('.wrong')?.remove();
      if (wrong) shown.append(wrong);
    } else shown.replaceWith(parameters);
    if (!wrong) write(query.value);
  };
  form.addEventListener('change', fill);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void fill();
  });
  form.querySelector('button')?.remove();
}
