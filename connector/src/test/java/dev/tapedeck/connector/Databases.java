package dev.tapedeck.connector;

import dev.tapedeck.connector.io.store.Database;
import dev.tapedeck.protocol.config.Redacted;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** Fresh databases of both kinds; PostgreSQL runs once for all tests of the JVM. */
public enum Databases {
  SQLITE,
  POSTGRESQL;

  private static final AtomicInteger COUNT = new AtomicInteger();
  private static EmbeddedPostgres postgres;

  public Database open(Path folder) throws Exception {
    return Database.open(url(folder));
  }

  /** A database that is empty the first time it is opened. */
  public Redacted url(Path folder) throws Exception {
    int number = COUNT.incrementAndGet();
    if (this == SQLITE) {
      return Redacted.of("sqlite:" + folder.resolve("connector-" + number + ".db"));
    }
    synchronized (Databases.class) {
      if (postgres == null) {
        postgres = start();
      }
    }
    try (var connection = postgres.getPostgresDatabase().getConnection(); var statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE c" + number);
    }
    return Redacted.of("postgresql://postgres:postgres@127.0.0.1:" + postgres.getPort() + "/c" + number);
  }

  private static EmbeddedPostgres start() throws IOException {
    EmbeddedPostgres started = EmbeddedPostgres.start();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      try {
        started.close();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }));
    return started;
  }
}
