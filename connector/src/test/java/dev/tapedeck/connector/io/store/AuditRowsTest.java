package dev.tapedeck.connector.io.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.connector.Databases;
import dev.tapedeck.connector.core.audit.AuditEntry;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** S1-7b, A-16. */
class AuditRowsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void keepsWhatWasWrittenAndLetsNobodyChangeIt(Databases kind) throws Exception {
    try (Database database = kind.open(folder)) {
      database.run(handle -> {
        AuditRows.append(handle, entry("acme", "kick_peer"));
        AuditRows.append(handle, entry("other", "close_room"));
        AuditRows.append(handle, entry("acme", "x".repeat(5000)));
      });

      List<AuditRows.Numbered> all = after(database, 0);
      assertThat(all).hasSize(2);
      assertThat(all.getFirst().entry()).isEqualTo(entry("acme", "kick_peer"));
      assertThat(all.getLast().entry().action()).hasSize(AuditEntry.MAX_TEXT_CHARS).endsWith("x…");
      assertThat(after(database, all.getFirst().id())).containsExactly(all.getLast());
      for (String change : new String[] {"UPDATE audit SET actor = 'nobody'", "DELETE FROM audit"}) {
        assertThatThrownBy(() -> database.run(handle -> handle.execute(change)))
            .rootCause().hasMessageContaining("append-only");
      }
      assertThat(after(database, 0)).isEqualTo(all);
    }
  }

  private static List<AuditRows.Numbered> after(Database database, long cursor) {
    return database.read(handle -> AuditRows.after(handle, "acme", cursor, 10));
  }

  private static AuditEntry entry(String app, String action) {
    return new AuditEntry(app, 1_800_000_000_000L, "user:Zoë", action, "r/1", "peer:bob", "too loud",
        AuditEntry.outcome(""));
  }
}
