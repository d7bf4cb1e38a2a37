/*global window, rJS, RSVP, document */
// A form as ERP5 shows it: a GadgetField with a gadget of the store, and a graph of ERP5's own values.
((window, rJS, RSVP, document) => {
  const graph = {
    data: [
      {
        value_dict: { 0: ['Draft', 'Confirmed', 'Delivered'], 1: [4, 9, 6] },
        type: 'bar',
        title: 'Sale Orders',
      },
    ],
    layout: {
      title: 'Sale Orders',
      axis_dict: { 0: { title: 'State' }, 1: { title: 'Number', value_type: 'number' } },
    },
  };
  rJS(window)
    .allowPublicAcquisition('getSetting', (args) => (args[0] === 'selected_language' ? 'en' : args[1]))
    .allowPublicAcquisition('chartItemClick', (args) => {
      document.querySelector('#list').textContent = `Sale Orders, ${args[0][0]}`;
    })
    .declareMethod('field', function (name, options) {
      const { url, sandbox, ...extra } = options;
      return this.declareGadget(url, {
        sandbox,
        scope: name,
        element: document.querySelector(`#${name}`),
      }).push((gadget) => gadget.render({ key: name, editable: 1, hidden: 0, ...extra }));
    })
    .declareMethod('save', function () {
      return this.getDeclaredGadget('my_trend')
        .push((gadget) => RSVP.all([gadget.getContent(), gadget.checkValidity()]))
        .push((all) => {
          document.querySelector('#saved').textContent = JSON.stringify({ content: all[0], valid: all[1] });
        });
    })
    .ready(function () {
      const url = 'STORE/embed/v1/renderjs.html';
      document.querySelector('#save').addEventListener('click', () => this.save());
      return this.field('my_trend', {
        url,
        sandbox: 'iframe',
        value: '',
        gadget: 'exa-trend',
        dataset: 'orders',
      }).push(() => this.field('my_graph', { url, sandbox: 'iframe', value: graph }));
    });
})(window, rJS, RSVP, document);
