package dev.tapedeck.connector.io.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tapedeck.protocol.config.OwnerOnly;
import dev.tapedeck.protocol.config.Problems;
import dev.tapedeck.protocol.config.Redacted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.HandleConsumer;
import org.jdbi.v3.core.Jdbi;

/**
 * The connector's rows, in SQLite or PostgreSQL. Reads run side by side. Writes are transactions; on SQLite one at a time,
 * on PostgreSQL those that append to the feed one at a time, so that the feed's ids become visible in their order.
 */
public final class Database implements AutoCloseable {
  /** Key of the advisory lock that orders appends to the feed; any number does, as long as it stays. */
  private static final long FEED_LOCK = 0x7461_7065L;
  private static final int POOL_SIZE = 8;

  private final HikariDataSource source;
  private final Jdbi jdbi;
  private final boolean isSqlite;
  private final ReentrantLock writer = new ReentrantLock();

  private Database(HikariDataSource source, boolean isSqlite) {
    this.source = source;
    this.jdbi = Jdbi.create(source);
    this.isSqlite = isSqlite;
  }

  /**
   * Opens the database and brings its tables up to date.
   *
   * @param url {@code sqlite:<file>} or {@code postgresql://user:password@host:port/database}
   * @throws IllegalArgumentException when the URL is neither, or the file cannot be made or closed to other users
   */
  public static Database open(Redacted url) {
    String text = url.reveal();
    boolean isSqlite = text.startsWith("sqlite:");
    if (!isSqlite && !text.startsWith("postgresql://")) {
      throw new IllegalArgumentException("database.url must begin with sqlite: or postgresql://");
    }
    if (isSqlite) {
      restrict(text.substring("sqlite:".length()));
    }
    HikariDataSource source = new HikariDataSource(isSqlite ? sqlite(text) : postgresql(text));
    try {
      migrate(source, isSqlite);
      return new Database(source, isSqlite);
    } catch (RuntimeException e) {
      source.close();
      throw e;
    }
  }

  public <R, X extends Exception> R read(HandleCallback<R, X> work) throws X {
    return jdbi.withHandle(work);
  }

  /** Runs the work in one transaction; either all of it is stored when this returns, or none. */
  public <R, X extends Exception> R write(HandleCallback<R, X> work) throws X {
    if (!isSqlite) {
      return jdbi.inTransaction(handle -> {
        handle.execute("SELECT pg_advisory_xact_lock(?)", FEED_LOCK);
        return work.withHandle(handle);
      });
    }
    writer.lock();
    try {
      return jdbi.inTransaction(work);
    } finally {
      writer.unlock();
    }
  }

  public <X extends Exception> void run(HandleConsumer<X> work) throws X {
    write(handle -> {
      work.useHandle(handle);
      return null;
    });
  }

  /** Whether the database answers. */
  public boolean isAlive() {
    try {
      return read((Handle handle) -> handle.createQuery("SELECT 1").mapTo(Integer.class).one()) == 1;
    } catch (RuntimeException e) {
      return false;
    }
  }

  @Override
  public void close() {
    source.close();
  }

  /** Names and what people did are in it; its journals get their permissions from it. */
  private static void restrict(String name) {
    if (name.startsWith("file:") || name.startsWith(":memory:")) {
      return;
    }
    Path file = Path.of(name.replaceFirst("\\?.*", ""));
    try {
      OwnerOnly.file(file);
      for (String journal : new String[] {"-wal", "-shm"}) {
        Path beside = file.resolveSibling(file.getFileName() + journal);
        if (Files.exists(beside)) {
          OwnerOnly.file(beside);
        }
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("database.url: " + Problems.say(e), e);
    }
  }

  private static HikariConfig sqlite(String url) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl("jdbc:" + url);
    // FULL, because an event that was acknowledged must survive a power cut.
    config.addDataSourceProperty("journal_mode", "WAL");
    config.addDataSourceProperty("synchronous", "FULL");
    config.addDataSourceProperty("busy_timeout", "10000");
    config.addDataSourceProperty("transaction_mode", "IMMEDIATE");
    config.setMaximumPoolSize(POOL_SIZE);
    config.setPoolName("sqlite");
    return config;
  }

  private static HikariConfig postgresql(String url) {
    HikariConfig config = new HikariConfig();
    String rest = url.substring("postgresql://".length());
    int at = rest.lastIndexOf('@');
    String userInfo = at < 0 ? "" : rest.substring(0, at);
    int colon = userInfo.indexOf(':');
    config.setJdbcUrl("jdbc:postgresql://" + rest.substring(at + 1));
    if (!userInfo.isEmpty()) {
      config.setUsername(colon < 0 ? userInfo : userInfo.substring(0, colon));
      config.setPassword(colon < 0 ? "" : userInfo.substring(colon + 1));
    }
    config.setMaximumPoolSize(POOL_SIZE);
    config.setPoolName("postgresql");
    return config;
  }

  private static void migrate(HikariDataSource source, boolean isSqlite) {
    Flyway.configure()
        .dataSource(source)
        .locations("classpath:db/migration", isSqlite ? "classpath:db/sqlite" : "classpath:db/postgresql")
        .placeholders(isSqlite
            ? Map.of("id", "INTEGER PRIMARY KEY AUTOINCREMENT", "blob", "BLOB")
            : Map.of("id", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", "blob", "BYTEA"))
        .load()
        .migrate();
  }
}
