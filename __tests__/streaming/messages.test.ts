/** What the sink makes of a message: the same in all versions of Python that Spark runs on. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { testUnless } from "../support/unless";

const python = ["python3.11", "python3.12", "python3.10", "python3"].find(
  (name) => spawnSync(name, ["-c", "import sys; sys.exit(sys.version_info < (3, 10))"]).status === 0,
);

/** Reads messages: the columns of a ride, or the reason. */
const program = `
import base64, json, sys
import ride
for line in sys.stdin:
    try:
        print(json.dumps([None if value is None else str(value) for value in ride.parse(base64.b64decode(line))]))
    except ride.NotARide as error:
        print(json.dumps(str(error)))
`;

function read(messages: readonly (string | Buffer)[]): readonly unknown[] {
  const input = messages.map((message) => `${Buffer.from(message as string).toString("base64")}\n`).join("");
  const { stdout, stderr, status } = spawnSync(python ?? "", ["-c", program], {
    input,
    encoding: "utf8",
    env: {
      ...process.env,
      PYTHONPATH: join(process.cwd(), "streaming", "sink"),
      PYTHONDONTWRITEBYTECODE: "1",
    },
  });
  if (status !== 0) throw new Error(stderr);
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
}

const complete = {
  ride_id: "sample/0",
  vendor_id: 2,
  passenger_count: 1,
  trip_distance: 1.53,
  payment_type: 1,
  total_amount: 12.3,
  pickup_datetime: "2019-01-31T23:59:59",
};

testUnless(python === undefined ? "Python 3.10 or later is not installed" : undefined)(
  "a known field is typed, a missing one is empty, an unknown one is kept",
  () => {
    const found = read([
      JSON.stringify(complete),
      "{}",
      JSON.stringify({ ...complete, vendor_id: null, total_amount: undefined, tip: "none" }),
      '{"ride_id":"a","zone":{"id":4,"rates":[1.10,1e400]},"airport":true,"große":"é"}',
      '{"vendor_id":2.0,"total_amount":1e2,"trip_distance":3,"pickup_datetime":"2019-01-31 23:59"}',
    ]);
    expect(found).toEqual([
      ["sample/0", "2", "1", "1.53", "1", "12.300000000", "2019-01-31 23:59:59", null],
      [null, null, null, null, null, null, null, null],
      ["sample/0", null, "1", "1.53", "1", null, "2019-01-31 23:59:59", '{"tip": "none"}'],
      [
        "a",
        null,
        null,
        null,
        null,
        null,
        null,
        '{"airport": true, "große": "é", "zone": {"id": 4, "rates": [1.10, 1E+400]}}',
      ],
      [null, "2", null, "3.0", null, "100.000000000", "2019-01-31 23:59:00", null],
    ]);
  },
);

testUnless(python === undefined ? "Python 3.10 or later is not installed" : undefined)(
  "a message that is not a ride says why in one sentence",
  () => {
    const cases: readonly (readonly [string | Buffer, string])[] = [
      ['{"vendor_id":"2"}', 'vendor_id: "2" is not an integer'],
      ['{"vendor_id":true}', "vendor_id: true is not an integer"],
      ['{"vendor_id":1.5}', "vendor_id: 1.5 is not an integer"],
      ['{"vendor_id":9223372036854775808}', "vendor_id: 9223372036854775808 does not fit into 64 bits"],
      ['{"vendor_id":1e400000000}', "vendor_id: 1E+400000000 is not an integer"],
      ['{"passenger_count":[1]}', "passenger_count: [1] is not an integer"],
      ['{"trip_distance":1e999}', "trip_distance: 1E+999 is too large"],
      ['{"total_amount":"12.30"}', 'total_amount: "12.30" is not a number'],
      [
        '{"total_amount":0.1234567891}',
        "total_amount: 0.1234567891 is not an amount with at most 29 digits before the decimal point and 9 after it",
      ],
      ['{"total_amount":NaN}', "the message is not valid JSON: it contains NaN"],
      [
        '{"pickup_datetime":"2019-02-30T00:00:00"}',
        'pickup_datetime: "2019-02-30T00:00:00" is not a local time such as 2019-01-31T23:59:59',
      ],
      [
        '{"pickup_datetime":"2019-01-31T00:00:00Z"}',
        'pickup_datetime: "2019-01-31T00:00:00Z" is not a local time such as 2019-01-31T23:59:59',
      ],
      ['{"ride_id":7}', "ride_id: 7 is not a string"],
      ['{"ride_id":"a\\u0000"}', 'ride_id: "a\\u0000" contains NUL'],
      [
        '{"ride_id":"\\ud800"}',
        "the message contains a text that is not valid Unicode, or is nested too deeply",
      ],
      [
        '{"note":"\\ud800"}',
        "the message contains a text that is not valid Unicode, or is nested too deeply",
      ],
      ['{"vendor_id":1,"vendor_id":2}', "the message has a field twice"],
      ["[1]", "the message is not a JSON object"],
      ["null", "the message is not a JSON object"],
      [Buffer.from([0x7b, 0xff, 0x7d]), "the message is not UTF-8"],
    ];
    expect(read(cases.map(([message]) => message))).toEqual(cases.map(([, reason]) => reason));
    const [cut, deep] = read(['{"vendor_id":', "[".repeat(100_000)]);
    for (const reason of [cut, deep]) expect(reason).toMatch(/^the message is not valid JSON: /);
    expect(read([`{"vendor_id":"${"x".repeat(500)}"}`])[0]).toHaveLength(90);
  },
);
