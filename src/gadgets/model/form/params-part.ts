import { html, nothing } from 'lit';
import { withParam } from '../change-request.ts';
import { isRead, methodOf, paramValue } from '../methods/methods.ts';
import type { ParamGroup } from '../methods/param.ts';
import { groupWord } from '../words.ts';
import type { ModelForm } from './model-form.ts';
import { paramField } from './param-field.ts';

const groups: readonly ParamGroup[] = ['main', 'kernel', 'search', 'more'];

/** The method's parameters that it reads as it stands, the seldom ones folded away. */
export function paramsPart({ request, wrong, change, refuse }: ModelForm): unknown {
  const method = methodOf(request.estimator.method);
  const values = request.estimator.params ?? {};
  const shown = method.params.filter((param) => isRead(param, method, values));
  return groups.map((group) => {
    const own = shown.filter((param) => param.group === group);
    if (own.length === 0) return nothing;
    const fields = own.map((param) =>
      paramField({
        param,
        value: paramValue(param, values),
        wrong: wrong[param.name],
        change: (value) => change(withParam(request, param.name, value)),
        refuse: (text) => refuse(param.name, text),
      }),
    );
    return group === 'main' || group === 'kernel'
      ? html`<fieldset><legend>${groupWord(group)}</legend>${fields}</fieldset>`
      : html`<details class="group"><summary>${groupWord(group)}</summary>${fields}</details>`;
  });
}
