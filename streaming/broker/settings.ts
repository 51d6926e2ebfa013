/** Ports of a broker on this machine. */
export interface BrokerPorts {
  /** For clients. */
  readonly port: number;
  /** For the controller, which is the same process. */
  readonly controllerPort: number;
}

/**
 * The broker's `server.properties`: one process that is both broker and controller, reachable from this machine only.
 *
 * @param data folder of its topics and metadata
 */
export function brokerProperties(data: string, { port, controllerPort }: BrokerPorts): string {
  const settings = {
    "process.roles": "broker,controller",
    "node.id": 1,
    "controller.quorum.voters": `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    "advertised.listeners": `PLAINTEXT://127.0.0.1:${port}`,
    "controller.listener.names": "CONTROLLER",
    "log.dirs": data,
    // There is one broker, so that nothing can be replicated.
    "offsets.topic.replication.factor": 1,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "share.coordinator.state.topic.replication.factor": 1,
    "share.coordinator.state.topic.min.isr": 1,
    "offsets.topic.num.partitions": 1,
    // A killed broker may register again only when its session has expired. The default is 9 s.
    "broker.heartbeat.interval.ms": 500,
    "broker.session.timeout.ms": 3000,
    // A misspelled topic is an error.
    "auto.create.topics.enable": false,
    // A group has one member here: there is nobody to wait for.
    "group.initial.rebalance.delay.ms": 0,
    // The sink decides what it has read: nothing is deleted before.
    "log.retention.ms": -1,
    // Files are allocated in advance: the default of 10 MB each is for busy brokers.
    "log.index.size.max.bytes": 1_048_576,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}

/** Options of the broker's Java: a laptop's broker has a few partitions, and starts often. */
export const brokerJavaOptions = [
  "-Xmx256m",
  "-XX:+UseSerialGC",
  "-XX:TieredStopAtLevel=1",
  "-Djava.awt.headless=true",
] as const;

/** The log of the broker goes to standard output, which is a file. */
export const brokerLogProperties = `status=error
appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%d %p %m (%c{1})%n
rootLogger.level=WARN
rootLogger.appenderRef.out.ref=out
logger.server.name=kafka.server.KafkaRaftServer
logger.server.level=INFO
`;
