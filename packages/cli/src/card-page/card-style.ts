/**
 * The look of the page. Lengths on the card are in `--mm`: a real millimetre on paper, as large as fits on a screen. An
 * ID-1 card is 85.60 x 53.98 mm with corners of 3.18 mm (ISO/IEC 7810).
 */
export const CARD_STYLE = `
:root { --mm: min(1.08vw, 12px); --ink: #2b2a33; --quiet: #6f6672; color-scheme: light; }
* { box-sizing: border-box; margin: 0; }
body { min-height: 100vh; display: flex; flex-direction: column; align-items: center; justify-content: center;
  gap: 22px; padding: 28px 16px; color: var(--ink); line-height: 1.6;
  background: radial-gradient(120% 90% at 50% 0, #fdfcfd, #e9e6ee);
  font-family: "Hiragino Sans", "Hiragino Kaku Gothic ProN", "Noto Sans JP", "Noto Sans CJK JP", "Yu Gothic", Meiryo,
    system-ui, sans-serif; }
.mark { display: flex; align-items: center; gap: 14px; width: calc(85.6 * var(--mm)); padding: 12px 20px;
  border: 1px solid; border-radius: 14px; font-size: 15px; }
.mark b { font-size: 17px; letter-spacing: .04em; }
.mark span { display: block; font-size: 13px; }
.mark svg { flex: none; width: 34px; height: 34px; }
.verified { color: #14532d; background: #ecfdf3; border-color: #86d3a4; }
.unverified { color: #7c2d12; border-color: #f0a868;
  background: repeating-linear-gradient(-45deg, #fff7ed 0 14px, #ffefdc 14px 28px); }
.card { position: relative; overflow: hidden; width: calc(85.6 * var(--mm)); height: calc(53.98 * var(--mm));
  border-radius: calc(3.18 * var(--mm)); isolation: isolate; font-size: calc(2.5 * var(--mm)); line-height: 1.2;
  box-shadow: 0 1px 2px #0002, 0 18px 50px -12px #4a33554d, inset 0 0 0 1px #fff9;
  background: radial-gradient(70% 90% at 88% 96%, #f6c9d8 0, #f6c9d800 70%),
    radial-gradient(60% 80% at 4% 2%, #fbe0cf 0, #fbe0cf00 70%),
    linear-gradient(118deg, #fdf1ea, #fbe9f0 52%, #eef0fb); }
.card::before, .card::after { content: ""; position: absolute; inset: 0; z-index: -1; opacity: .4; }
.card::before { background: repeating-radial-gradient(circle at 108% 118%, #d98aa800 0 calc(.62 * var(--mm)),
  #d98aa86b calc(.64 * var(--mm)) calc(.72 * var(--mm)), #d98aa800 calc(.74 * var(--mm)) calc(1.1 * var(--mm))); }
.card::after { background: repeating-radial-gradient(circle at -14% -24%, #9d8fc900 0 calc(.7 * var(--mm)),
  #9d8fc947 calc(.72 * var(--mm)) calc(.78 * var(--mm)), #9d8fc900 calc(.8 * var(--mm)) calc(1.2 * var(--mm))); }
.card > * { position: absolute; }
.card dl { left: calc(4.4 * var(--mm)); display: flex; align-items: center; }
dt { color: var(--quiet); white-space: nowrap; font-size: calc(1.8 * var(--mm)); letter-spacing: .12em; }
dd { white-space: nowrap; }
.ink { display: block; height: calc(3 * var(--mm)); max-width: calc(68 * var(--mm)); fill: #1f1d26; }
.name { top: calc(4.5 * var(--mm)); }
.address { top: calc(10.4 * var(--mm)); }
.address .ink { height: calc(2.55 * var(--mm)); }
.name dt, .address dt { width: calc(7.2 * var(--mm)); }
.photo { left: calc(4.4 * var(--mm)); bottom: calc(4.4 * var(--mm)); width: calc(25.6 * var(--mm));
  height: calc(31.97 * var(--mm)); object-fit: cover; border-radius: calc(.8 * var(--mm));
  box-shadow: 0 0 0 calc(.5 * var(--mm)) #ffffffb3; }
.facts { left: calc(34.5 * var(--mm)); top: calc(17.6 * var(--mm)); display: grid; gap: calc(1.5 * var(--mm)); }
.card .facts dl { position: static; gap: calc(2 * var(--mm)); }
.facts dt { min-width: calc(8.4 * var(--mm)); }
.facts dd { font-size: calc(2.8 * var(--mm)); letter-spacing: .03em; }
.title { right: calc(4.6 * var(--mm)); bottom: calc(4.2 * var(--mm)); color: #b1557e;
  font-size: calc(3.9 * var(--mm)); font-weight: 600; letter-spacing: .18em; margin-right: -.18em; }
.petal { right: calc(4.6 * var(--mm)); bottom: calc(9.6 * var(--mm)); width: calc(9 * var(--mm)); fill: #d77fa359; }
footer { width: calc(85.6 * var(--mm)); color: var(--quiet); font-size: 12.5px; }
@media print {
  @page { margin: 18mm; }
  :root { --mm: 1mm; }
  body { justify-content: flex-start; align-items: flex-start; padding: 0; gap: 5mm; background: none; }
  .card { box-shadow: 0 0 0 .2mm #0004; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .mark { padding: 2mm 3mm; font-size: 9pt; }
  .mark b { font-size: 10pt; }
  .mark span, footer { font-size: 7pt; }
}
`;
