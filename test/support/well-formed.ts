/** Why a text is not well-formed XML 1.0 (as far as this server's answers use it: elements, attributes, text, entities); empty where it is. */
export function malformation(xml: string): string {
  const illegal = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.exec(xml);
  if (illegal !== null) return `the character U+${illegal[0].codePointAt(0)?.toString(16)} is not legal in XML`;
  const open: string[] = [];
  let rest = xml.replace(/^<\?xml [^?]*\?>\s*/, '');
  while (rest !== '') {
    const text = /^[^<]+/.exec(rest)?.[0] ?? '';
    if (/&(?!(amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)/.test(text) || text.includes(']]>')) return `text that is not escaped: ${text.slice(0, 60)}`;
    if (open.length === 0 && text.trim() !== '') return `text outside of the root element: ${text.slice(0, 60)}`;
    rest = rest.slice(text.length);
    if (rest === '') break;
    const tag = /^<(\/?)([A-Za-z_][\w.-]*)((?:\s+[\w:.-]+="[^"<]*")*)\s*(\/?)>/.exec(rest);
    if (tag === null) return `no tag: ${rest.slice(0, 60)}`;
    const [whole, closing, name = '', , empty] = tag;
    if (closing === '/' && open.pop() !== name) return `</${name}> closes another element`;
    if (closing !== '/' && empty !== '/') open.push(name);
    rest = rest.slice(whole.length);
  }
  return open.length === 0 ? '' : `<${open.join('><')}> is not closed`;
}
