/** What an operation found, as harness/answer.c makes it. */
const tags = { row: 0x72, null: 0x6e, number: 0x64, text: 0x74, name: 0x63 };

export class Answer {
  rows = 0;
  ids = [];
  notes = [];
  #a = 0x811c9dc5;
  #b = 0x9747b28c;

  #add(bytes) {
    let a = this.#a;
    let b = this.#b;
    for (const byte of bytes) {
      a = Math.imul(a ^ byte, 0x01000193);
      b = Math.imul(b ^ byte, 0x85ebca6b);
      b ^= b >>> 13;
    }
    this.#a = a;
    this.#b = b;
  }

  #addTagged(tag, bytes) {
    const { length } = bytes;
    this.#add([tag, length & 0xff, (length >>> 8) & 0xff, (length >>> 16) & 0xff, length >>> 24]);
    this.#add(bytes);
  }

  row(id) {
    ++this.rows;
    if (this.ids.length < 64) this.ids.push(id);
    this.#addTagged(tags.row, Buffer.from(id));
  }

  value(value) {
    if (value === null) {
      this.#addTagged(tags.null, []);
    } else if (typeof value === 'number') {
      const bytes = Buffer.alloc(8);
      bytes.writeDoubleLE(value);
      this.#addTagged(tags.number, bytes);
    } else {
      this.#addTagged(tags.text, Buffer.from(value));
    }
  }

  names(names) {
    for (const name of names.split(',').filter(Boolean).sort()) this.#addTagged(tags.name, Buffer.from(name));
    this.value(null);
  }

  note(name, value) { this.notes.push(`${name}: ${value}`); }

  toJSON() {
    const hex = (lane) => (lane >>> 0).toString(16).padStart(8, '0');
    return { rows: this.rows, hash: hex(this.#a) + hex(this.#b), ids: this.ids, notes: this.notes };
  }
}
