/**
 * Values of Thrift's compact protocol, in which the footer of a Parquet file is written. They keep what this program does
 * not know, so that a footer can be changed and written again.
 *
 * @see https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */
export type Thrift =
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "integer"; readonly type: IntegerType; readonly value: bigint }
  | { readonly kind: "double"; readonly bytes: Buffer }
  | { readonly kind: "binary"; readonly bytes: Buffer }
  | {
      readonly kind: "list";
      readonly type: 9 | 10;
      readonly element: number;
      readonly items: readonly Thrift[];
    }
  | ThriftStruct;

export interface ThriftStruct {
  readonly kind: "struct";
  /** By the number of the field. */
  readonly fields: ReadonlyMap<number, Thrift>;
}

type IntegerType = 3 | 4 | 5 | 6;

export const thriftTypes = { i16: 4, i32: 5, i64: 6, binary: 8, struct: 12 } as const;

/** @throws RangeError when the bytes are not a struct */
export function readThrift(bytes: Buffer): ThriftStruct {
  return new ThriftReader(bytes).struct();
}

export function writeThrift(struct: ThriftStruct): Buffer {
  const pieces: Buffer[] = [];
  writeStruct(struct, pieces);
  return Buffer.concat(pieces);
}

/** A copy with other fields; undefined removes one. */
export function withFields(
  { fields }: ThriftStruct,
  changed: Readonly<Record<number, Thrift | undefined>>,
): ThriftStruct {
  const all = new Map(fields);
  for (const [field, value] of Object.entries(changed)) {
    if (value === undefined) all.delete(Number(field));
    else all.set(Number(field), value);
  }
  return { kind: "struct", fields: all };
}

class ThriftReader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  struct(): ThriftStruct {
    const fields = new Map<number, Thrift>();
    let field = 0;
    for (;;) {
      const header = this.byte();
      if (header === 0) return { kind: "struct", fields };
      const delta = header >> 4;
      field = delta === 0 ? Number(this.zigzag()) : field + delta;
      const type = header & 15;
      fields.set(field, type <= 2 ? { kind: "boolean", value: type === 1 } : this.value(type));
    }
  }

  private value(type: number): Thrift {
    switch (type) {
      case 1:
      case 2:
        // An element of a list: the value is the byte itself.
        return { kind: "boolean", value: this.byte() === 1 };
      case 3:
        return { kind: "integer", type, value: BigInt(this.byte()) };
      case 4:
      case 5:
      case 6:
        return { kind: "integer", type, value: this.zigzag() };
      case 7:
        return { kind: "double", bytes: this.take(8) };
      case 8:
        return { kind: "binary", bytes: this.take(Number(this.varint())) };
      case 9:
      case 10:
        return this.list(type);
      case 12:
        return this.struct();
      default:
        throw new RangeError(`the type ${type} is not one of a Parquet footer`);
    }
  }

  private list(type: 9 | 10): Thrift {
    const header = this.byte();
    const count = header >> 4 === 15 ? Number(this.varint()) : header >> 4;
    const element = header & 15;
    return { kind: "list", type, element, items: Array.from({ length: count }, () => this.value(element)) };
  }

  private zigzag(): bigint {
    const value = this.varint();
    return (value >> 1n) ^ -(value & 1n);
  }

  private varint(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  }

  private byte(): number {
    const byte = this.bytes[this.at];
    if (byte === undefined) throw new RangeError("the footer ends too early");
    this.at += 1;
    return byte;
  }

  private take(length: number): Buffer {
    const end = this.at + length;
    if (end > this.bytes.length) throw new RangeError("the footer ends too early");
    const taken = this.bytes.subarray(this.at, end);
    this.at = end;
    return taken;
  }
}

function writeStruct({ fields }: ThriftStruct, pieces: Buffer[]): void {
  let last = 0;
  for (const [field, value] of [...fields].sort(([one], [other]) => one - other)) {
    const type = value.kind === "boolean" ? (value.value ? 1 : 2) : typeOf(value);
    const delta = field - last;
    if (delta > 0 && delta < 16) pieces.push(Buffer.from([(delta << 4) | type]));
    else pieces.push(Buffer.from([type]), zigzag(BigInt(field)));
    last = field;
    if (value.kind !== "boolean") writeValue(value, pieces);
  }
  pieces.push(Buffer.from([0]));
}

function writeValue(value: Thrift, pieces: Buffer[]): void {
  switch (value.kind) {
    case "boolean":
      pieces.push(Buffer.from([value.value ? 1 : 2]));
      break;
    case "integer":
      pieces.push(value.type === 3 ? Buffer.from([Number(value.value)]) : zigzag(value.value));
      break;
    case "double":
      pieces.push(value.bytes);
      break;
    case "binary":
      pieces.push(varint(BigInt(value.bytes.length)), value.bytes);
      break;
    case "list": {
      const { length } = value.items;
      if (length < 15) pieces.push(Buffer.from([(length << 4) | value.element]));
      else pieces.push(Buffer.from([0xf0 | value.element]), varint(BigInt(length)));
      for (const item of value.items) writeValue(item, pieces);
      break;
    }
    case "struct":
      writeStruct(value, pieces);
  }
}

function typeOf(value: Exclude<Thrift, { readonly kind: "boolean" }>): number {
  switch (value.kind) {
    case "integer":
    case "list":
      return value.type;
    case "double":
      return 7;
    case "binary":
      return thriftTypes.binary;
    case "struct":
      return thriftTypes.struct;
  }
}

function zigzag(value: bigint): Buffer {
  return varint(value < 0n ? -value * 2n - 1n : value * 2n);
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    if (rest < 128n) return Buffer.from([...bytes, Number(rest)]);
    bytes.push(Number(rest & 127n) | 128);
  }
}
