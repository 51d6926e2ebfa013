/** Constructs for Google Cloud. Those for AWS are in `aws.ts`, so that only their users need the AWS provider. */
export { Alert, type AlertCondition, type AlertProps } from "./alert";
export {
  ArtifactRepository,
  type ArtifactRepositoryProps,
  type IArtifactRepository,
} from "./artifact-repository";
export { Budget, type BudgetProps } from "./budget";
export { CiIdentity, type CiIdentityProps, type LimitedPermissions } from "./ci-identity";
export {
  CloudResourceConnection,
  type CloudResourceConnectionProps,
  type ICloudResourceConnection,
} from "./cloud-resource-connection";
export { CloudRunJob, type CloudRunJobProps, type ICloudRunJob } from "./cloud-run-job";
export { ComposerEnvironment, type ComposerEnvironmentProps } from "./composer-environment";
export { CustomRole, type CustomRoleProps } from "./custom-role";
export { DataAccessLogs, type DataAccessLogsProps } from "./data-access-logs";
export { EnabledApis, type EnabledApisProps } from "./enabled-apis";
export { ConstructError } from "./errors";
export { escapeTemplates } from "./escape-templates";
export { ExternalTable, type ExternalTableProps, type HiveKey } from "./external-table";
export { Grant, type GrantCondition } from "./grant";
export { HttpSchedule, type HttpScheduleProps, type ScheduleTarget } from "./http-schedule";
export { KafkaCluster, type KafkaClusterProps } from "./kafka-cluster";
export { KafkaTopic, type KafkaTopicProps } from "./kafka-topic";
export { type IKmsKey, KmsKey } from "./kms-key";
export { NativeTable, type NativeTableProps, type TablePartition } from "./native-table";
export {
  type INotificationChannel,
  NotificationChannel,
  type NotificationChannelProps,
} from "./notification-channel";
export { type IPostgresInstance, PostgresInstance, type PostgresInstanceProps } from "./postgres-instance";
export {
  type IPrivateNetwork,
  PrivateNetwork,
  type PrivateNetworkNames,
  type PrivateNetworkProps,
} from "./private-network";
export { RowAccessPolicy, type RowAccessPolicyProps } from "./row-access-policy";
export { type ArrivalStart, S3Transfer, type S3TransferProps, type ScheduledStart } from "./s3-transfer";
export { type ISecret, Secret, type SecretProps, type SecretVersion } from "./secret";
export {
  type AddressedIdentity,
  GoogleGroup,
  GoogleUser,
  type Identity,
  type ProjectGrantOptions,
  type ServiceAccountIdentity,
  ServiceIdentity,
  type ServiceIdentityProps,
} from "./service-identity";
export { type IStorageBucket, StorageBucket, type StorageBucketProps } from "./storage-bucket";
export { StorageObject, type StorageObjectProps } from "./storage-object";
export type { ColumnType, TableColumn } from "./table-schema";
export { type Dependency, TerraformConstruct } from "./terraform-construct";
export { View, type ViewProps } from "./view";
export { type IWarehouseDataset, WarehouseDataset, type WarehouseDatasetProps } from "./warehouse-dataset";
export { type IWarehouseTable, WarehouseTable } from "./warehouse-table";
export { type IWorkflow, Workflow, type WorkflowProps } from "./workflow";
export type { Step, Subworkflow, WorkflowSource, WorkflowValue } from "./workflow-source";
