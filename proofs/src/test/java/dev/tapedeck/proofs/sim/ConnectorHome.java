package dev.tapedeck.proofs.sim;

import dev.tapedeck.connector.io.secrets.Secrets;
import dev.tapedeck.connector.io.secrets.SigningKeys;
import dev.tapedeck.connector.io.store.Database;
import dev.tapedeck.protocol.config.Redacted;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;

/**
 * What of a connector outlives its processes: the real tables, in memory, made once and emptied for each run, and the
 * key it signs with. Owned by one thread.
 */
final class ConnectorHome implements AutoCloseable {
  final Database database;
  final SigningKeys keys;
  private final List<String> tables;

  /** @param folder of its own; gets the key */
  ConnectorHome(Path folder) throws IOException {
    SecureRandom random = new SecureRandom();
    Secrets.loadOrCreate(folder, random);
    keys = SigningKeys.loadOrCreate(folder, random, 0);
    database = Database.open(Redacted.of("sqlite:file:" + folder.getFileName() + "?mode=memory&cache=shared"));
    tables = database.read(handle -> handle.createQuery("""
            SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'
              AND name NOT LIKE 'flyway%'""")
        .mapTo(String.class).list());
  }

  void empty() {
    database.run(handle -> tables.forEach(table -> handle.execute("DELETE FROM " + table)));
  }

  @Override
  public void close() {
    database.close();
  }
}
