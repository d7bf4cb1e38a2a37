// An OpenUI5 page: its own controls above, gadgets of the store below, which know nothing of each other's framework.
sap.ui.define(
  ['sap/m/App', 'sap/m/Button', 'sap/m/MessageToast', 'sap/m/Page', 'sap/ui/core/HTML'],
  (App, Button, MessageToast, Page, HTML) => {
    const gadgets = new HTML({
      sanitizeContent: false,
      content: `<div class="gadgets" filter-group="sales">
        <exa-trend id="sales-trend" store="STORE" dataset="orders"></exa-trend>
        <exa-bars id="sales-country" store="STORE" dataset="orders" column="country" rows="6"></exa-bars>
        <exa-series id="sensor" store="STORE" array="sensors" overview></exa-series>
        <exa-orders id="orders" store="STORE"></exa-orders>
      </div>`,
    });
    const leave = new Button({ text: 'Sign out', press: () => embed.then(({ signOut }) => signOut()) });
    const page = new Page({ title: 'Sales', headerContent: [leave] });
    new App({ pages: [page] }).placeAt('content');

    const token = async () => (await fetch('/token')).text();
    const embed = import('STORE/embed/v1/embed.js');
    embed.then(async ({ configure }) => {
      if ((await token()) !== '') configure({ token });
      page.addContent(gadgets);
    });
    // A row opens where OpenUI5 wants it.
    document.addEventListener(
      'exa-open',
      (event) => {
        event.preventDefault();
        MessageToast.show(`Row ${event.detail.row} of ${event.detail.dataset}`);
      },
      { capture: true },
    );
  },
);
