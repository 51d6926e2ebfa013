/** Constructs for the AWS side of a transfer from S3. */
export {
  AwsTransferRole,
  type AwsTransferRoleProps,
  type IAwsTransferRole,
  type S3Source,
} from "./aws-transfer-role";
export { type EventQueue, queueArn, S3EventQueues, type S3EventQueuesProps } from "./s3-event-queues";
