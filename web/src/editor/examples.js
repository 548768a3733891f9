/** Questions that have names: a choice of them, and small fields for what they can be told. The server fills them in. */

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
    const at = document.activeElement?.id ?? '';
    document.getElementById('_parameters')?.replaceWith(parameters);
    document.getElementById(at)?.focus();
    if (!parameters.querySelector('.wrong')) write(query.value);
  };
  form.addEventListener('change', fill);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void fill();
  });
  form.querySelector('button')?.remove();
}
