import type { TerraformStack } from "cdktf";
import { CloudRunJob } from "../../constructs/cloud-run-job";
import { HttpSchedule, type HttpScheduleProps } from "../../constructs/http-schedule";
import { ServiceIdentity } from "../../constructs/service-identity";
import { Workflow } from "../../constructs/workflow";
import { resources, stackOf } from "../support/stack";
import { dependsOn, image, location, only, reader, refusal } from "./support";

const type = "google_cloud_scheduler_job";
const target = { uri: "https://example.googleapis.com/v1/x", body: '{"a":"b"}' };
const add = (stack: TerraformStack, props: Partial<HttpScheduleProps> = {}) =>
  new HttpSchedule(stack, "clock", {
    name: "clock",
    location,
    cron: "0 6 2 * *",
    target,
    ...props,
    identity: props.identity ?? reader(stack),
  });
const schedule = (props: Partial<HttpScheduleProps> = {}) => only(type, (stack) => add(stack, props));

describe("HttpSchedule", () => {
  test("sends an authenticated POST request at the time, with retries", () => {
    expect(schedule()).toEqual({
      name: "clock",
      region: location,
      schedule: "0 6 2 * *",
      time_zone: "Etc/UTC",
      paused: false,
      attempt_deadline: "180s",
      retry_config: {
        retry_count: 3,
        max_retry_duration: "0s",
        min_backoff_duration: "30s",
        max_backoff_duration: "3600s",
        max_doublings: 5,
      },
      http_target: {
        http_method: "POST",
        uri: target.uri,
        body: '${base64encode("{\\"a\\":\\"b\\"}")}',
        oauth_token: {
          service_account_email: "reader@p.iam.gserviceaccount.com",
          scope: "https://www.googleapis.com/auth/cloud-platform",
        },
      },
    });
  });

  test("accepts time zone, description, retries and whether it is paused", () => {
    const props = { timeZone: "Europe/Zurich", description: "d ${x}", retries: 0, paused: true };
    expect(schedule(props)).toMatchObject({
      time_zone: "Europe/Zurich",
      description: "d $${x}",
      retry_config: { retry_count: 0 },
      paused: true,
    });
  });

  test("sends a body with quotation marks and backslashes as it is", () => {
    const body = '{"argument":"{\\"a\\":\\"b\\\\\\\\c\\"}"}';
    const { http_target: sent } = schedule({ target: { ...target, body } }) as {
      http_target: { body: string };
    };
    const [, literal = ""] = /^\$\{base64encode\((".*")\)\}$/.exec(sent.body) ?? [];
    expect(JSON.parse(literal)).toBe(body);
  });

  test("sends no body when the target has none", () => {
    expect(JSON.stringify(schedule({ target: { uri: target.uri } }))).not.toContain('"body"');
  });

  test("starts jobs and workflows, new and imported, of the provider's project by default", () => {
    const json = stackOf((stack) => {
      const identity = reader(stack);
      const source = { main: { steps: [] } };
      const workflow = { name: "flow", location, description: "d", identity, source };
      const targets = {
        a: new CloudRunJob(stack, "job", { name: "job", location, image, identity }),
        b: CloudRunJob.fromName(stack, "their-job", "their-job", location),
        c: new Workflow(stack, "flow", workflow),
        d: Workflow.fromName(stack, "their-flow", "their-flow", location),
      };
      for (const [name, started] of Object.entries(targets)) {
        const clock = { name, location, cron: "0 6 2 * *", identity, target: started.startTarget() };
        new HttpSchedule(stack, `clock-${name}`, clock);
      }
    });
    const uris = resources(json, type).map((found) => /"uri":"([^"]+)"/.exec(JSON.stringify(found))?.[1]);
    expect(uris).toEqual([
      expect.stringMatching(/^https:\/\/run\.googleapis\.com\/v2\/projects\/\$\{.*\.project\}\/.*:run$/),
      `https://run.googleapis.com/v2/projects/p/locations/${location}/jobs/their-job:run`,
      expect.stringMatching(
        /^https:\/\/workflowexecutions\..*\/projects\/\$\{.*\.project\}\/.*\/executions$/,
      ),
      `https://workflowexecutions.googleapis.com/v1/projects/p/locations/${location}/workflows/their-flow/executions`,
    ]);
  });

  test("waits for the right to act as its account, and for the grant that allows the request", () => {
    const json = stackOf((stack) => {
      const identity = new ServiceIdentity(stack, "scheduler", { name: "scheduler", description: "d" });
      const job = CloudRunJob.fromName(stack, "job", "job", location);
      add(stack, { identity, dependsOn: [job.grantRun(identity)] });
      identity.grantActAs(reader(stack));
    });
    expect(dependsOn(json, type)).toEqual([
      [
        "google_service_account_iam_member.scheduler_iam-service-account-user-reader",
        "google_cloud_run_v2_job_iam_member.job_run-invoker-scheduler",
      ],
    ]);
  });

  test("rejects cron expressions without five fields, and too many retries", () => {
    expect(refusal(() => schedule({ name: "a b", cron: "@daily", retries: 6 }))).toBe(
      `HttpSchedule at test/clock:
  - name: "a b" must be letters, digits, hyphens and underscores, at most 500
  - cron: "@daily" must be five fields: minute hour day-of-month month day-of-week
  - retries: 6 must be an integer from 0 to 5`,
    );
  });
});
