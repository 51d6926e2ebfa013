import type { SpecColumn } from "../../dataset";
import { readThrift, type Thrift, type ThriftStruct, thriftTypes, withFields, writeThrift } from "./thrift";

/** A Parquet file that is followed by others. */
export interface ParquetPart {
  /** Size of the file in bytes. */
  readonly bytes: number;
  /** Its metadata, without the length and the magic number at the end. */
  readonly footer: Buffer;
}

/** Number of bytes at the end of a Parquet file: the length of its footer, and the magic number. */
export const trailerBytes = 8;
const magic = "PAR1";

/**
 * The length of a file's footer.
 *
 * @param trailer the last 8 bytes of the file
 * @throws RangeError when they are not those of a Parquet file
 */
export function footerLength(trailer: Buffer): number {
  if (trailer.length !== trailerBytes || trailer.toString("latin1", 4) !== magic)
    throw new RangeError("the file does not end as a Parquet file");
  return trailer.readUInt32LE(0);
}

/**
 * What must follow the bytes of Parquet files so that all of them are one Parquet file: a footer that lists the row groups
 * of all. The footers of the files, which are in its middle then, are ignored by readers.
 *
 * @param parts the files in order; all have the same columns
 * @param columns of the files. Times are marked as local or in UTC as their types say, whatever the writer did
 * @param metadata key-value metadata of the whole, which replaces that of the files
 */
export function joinedFooter(
  parts: readonly ParquetPart[],
  columns: readonly Pick<SpecColumn, "name" | "type">[],
  metadata: Readonly<Record<string, string>>,
): Buffer {
  let start = 0;
  let rows = 0n;
  const groups: Thrift[] = [];
  const footers = parts.map(({ footer }) => readThrift(footer));
  footers.forEach((footer, index) => {
    rows += integerIn(footer, file.rows);
    for (const group of listIn(footer, file.groups)) {
      if (integerIn(group, rowGroup.rows) === 0n) continue;
      groups.push(moved(group, BigInt(start), groups.length));
    }
    start += parts[index]?.bytes ?? 0;
  });
  const [first] = footers;
  if (first === undefined) throw new RangeError("there is no Parquet file to join");
  const whole = writeThrift(
    withFields(first, {
      [file.schema]: listOf(listIn(first, file.schema).map((element) => withTime(element, columns))),
      [file.rows]: i64(rows),
      [file.groups]: listOf(groups),
      [file.metadata]: listOf(
        Object.entries(metadata).map(([key, value]) => structOf({ 1: text(key), 2: text(value) })),
      ),
    }),
  );
  const trailer = Buffer.alloc(trailerBytes);
  trailer.writeUInt32LE(whole.length, 0);
  trailer.write(magic, 4, "latin1");
  return Buffer.concat([whole, trailer]);
}

/** The number of rows according to a footer. */
export function footerRows(footer: Buffer): number {
  return Number(integerIn(readThrift(footer), file.rows));
}

/**
 * Numbers of the fields in FileMetaData, RowGroup, ColumnChunk, ColumnMetaData and SchemaElement.
 *
 * @see https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
 */
const file = { schema: 2, rows: 3, groups: 4, metadata: 5 } as const;
const rowGroup = { columns: 1, rows: 3, offset: 5, ordinal: 7 } as const;
const chunk = { offset: 2, metadata: 3, indexes: [4, 5, 6, 7] } as const;
const chunkMetadata = { pages: 9, index: 10, dictionary: 11, bloomFilter: 14 } as const;
const element = { name: 4, converted: 6, logical: 10 } as const;
/** The field of a time in the union of logical types. */
const timestamp = 8;
const convertedMicros = 10n;

/** A row group whose file begins at `by`. */
function moved(group: ThriftStruct, by: bigint, ordinal: number): ThriftStruct {
  const columns = listIn(group, rowGroup.columns).map((column) => {
    const metadata = structIn(column, chunk.metadata);
    return withFields(column, {
      ...shifted(column, [chunk.offset], by),
      ...(metadata && {
        [chunk.metadata]: withFields(metadata, shifted(metadata, Object.values(chunkMetadata), by)),
      }),
      // The page indexes are optional, and have positions of their own.
      ...Object.fromEntries(chunk.indexes.map((field) => [field, undefined])),
    });
  });
  return withFields(group, {
    [rowGroup.columns]: listOf(columns),
    ...shifted(group, [rowGroup.offset], by),
    [rowGroup.ordinal]: group.fields.has(rowGroup.ordinal)
      ? { kind: "integer", type: thriftTypes.i16, value: BigInt(ordinal) }
      : undefined,
  });
}

/** Positions; 0 means that there is none. */
function shifted(struct: ThriftStruct, fields: readonly number[], by: bigint): Record<number, Thrift> {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const position = struct.fields.get(field);
      return position?.kind === "integer" && position.value > 0n
        ? [[field, { ...position, value: position.value + by }]]
        : [];
    }),
  );
}

/** A column of the schema, whose time is local if it is a DATETIME, and in UTC if it is a TIMESTAMP. */
function withTime(schema: ThriftStruct, columns: readonly Pick<SpecColumn, "name" | "type">[]): ThriftStruct {
  const name = schema.fields.get(element.name);
  const type = columns.find((one) => name?.kind === "binary" && one.name === name.bytes.toString())?.type;
  const logical = structIn(schema, element.logical);
  const time = logical && structIn(logical, timestamp);
  if (time === undefined || (type !== "DATETIME" && type !== "TIMESTAMP")) return schema;
  const inUtc = type === "TIMESTAMP";
  return withFields(schema, {
    // The older marking has no local times.
    [element.converted]: inUtc
      ? { kind: "integer", type: thriftTypes.i32, value: convertedMicros }
      : undefined,
    [element.logical]: structOf({ [timestamp]: withFields(time, { 1: { kind: "boolean", value: inUtc } }) }),
  });
}

function integerIn(struct: ThriftStruct, field: number): bigint {
  const value = struct.fields.get(field);
  if (value?.kind !== "integer") throw new RangeError(`the footer has no number in field ${field}`);
  return value.value;
}

function listIn(struct: ThriftStruct, field: number): readonly ThriftStruct[] {
  const value = struct.fields.get(field);
  if (value?.kind !== "list") throw new RangeError(`the footer has no list in field ${field}`);
  return value.items.flatMap((item) => (item.kind === "struct" ? [item] : []));
}

function structIn(struct: ThriftStruct, field: number): ThriftStruct | undefined {
  const value = struct.fields.get(field);
  return value?.kind === "struct" ? value : undefined;
}

function structOf(fields: Readonly<Record<number, Thrift>>): ThriftStruct {
  return withFields({ kind: "struct", fields: new Map() }, fields);
}

function listOf(items: readonly Thrift[]): Thrift {
  return { kind: "list", type: 9, element: thriftTypes.struct, items };
}

function i64(value: bigint): Thrift {
  return { kind: "integer", type: thriftTypes.i64, value };
}

function text(value: string): Thrift {
  return { kind: "binary", bytes: Buffer.from(value) };
}
