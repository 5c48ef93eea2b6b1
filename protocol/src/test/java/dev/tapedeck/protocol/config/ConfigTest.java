package dev.tapedeck.protocol.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConfigTest {
  enum Durability { PRESSURE, INTERVAL, ALWAYS_FORCED }

  record Tape(
      @Setting(value = "256 MiB", help = "Memory.") ByteSize memoryBudget,
      @Setting(value = "10 s", help = "Age.") Duration chunkAge,
      @Setting(value = "interval", help = "When to force.") Durability durability) {
    Tape {
      if (memoryBudget.compareTo(ByteSize.ofMebibytes(16)) < 0) {
        throw new IllegalArgumentException("memory-budget is " + memoryBudget + "; give 16 MiB or more");
      }
    }
  }

  record App(
      @Setting(value = "", help = "Keys.") List<Redacted> secrets,
      @Setting(value = "", help = "Hook.") Optional<String> hookUrl) {}

  record Server(
      Tape record,
      @Setting(value = "8080", help = "Port.") int port,
      @Setting(value = "false", help = "Public.", name = "public") boolean isPublic,
      Map<String, App> apps) {}

  @EnvironmentPrefix("FIRST_")
  record First(@Setting(value = "1", help = "Port.") int port, Map<String, App> apps) {}

  @EnvironmentPrefix("SECOND_")
  record Second(@Setting(value = "2", help = "Port.") int port) {}

  record Other(@Setting(value = "1.5", help = "Ratio.") double ratio) {}

  @Test
  void takesDefaults() throws ConfigException {
    Server server = load("", Map.of());

    assertThat(server.record().memoryBudget()).isEqualTo(ByteSize.ofMebibytes(256));
    assertThat(server.record().chunkAge()).isEqualTo(Duration.ofSeconds(10));
    assertThat(server.record().durability()).isEqualTo(Durability.INTERVAL);
    assertThat(server.port()).isEqualTo(8080);
    assertThat(server.isPublic()).isFalse();
    assertThat(server.apps()).isEmpty();
  }

  @Test
  void letsFlagsWinOverEnvironmentOverFile() throws ConfigException {
    String file = "# a comment\nrecord.memory-budget = 32 MiB\nrecord.chunk-age=5 s\nport = 1\n";
    Map<String, String> environment = Map.of("RECORD_CHUNK_AGE", "6 s", "PORT", "2", "PATH", "/bin");

    Server server = load(file, environment, "--port=3", "--record.durability", "always-forced", "--public");

    assertThat(server.record().memoryBudget()).isEqualTo(ByteSize.ofMebibytes(32));
    assertThat(server.record().chunkAge()).isEqualTo(Duration.ofSeconds(6));
    assertThat(server.record().durability()).isEqualTo(Durability.ALWAYS_FORCED);
    assertThat(server.port()).isEqualTo(3);
    assertThat(server.isPublic()).isTrue();
  }

  @Test
  void readsNamedGroupsFromEverywhere() throws ConfigException {
    Server server = load("apps.demo.secrets = a, b\napps.demo.hook-url = http://h/x?y=z",
        Map.of("APPS_BIG_CO_SECRETS", "c"), "--apps.Third.secrets=d");

    assertThat(server.apps()).containsOnlyKeys("demo", "big-co", "Third");
    assertThat(server.apps().get("demo").secrets()).containsExactly(Redacted.of("a"), Redacted.of("b"));
    assertThat(server.apps().get("demo").hookUrl()).contains("http://h/x?y=z");
    assertThat(server.apps().get("big-co").secrets()).containsExactly(Redacted.of("c"));
  }

  /** Two programs that share a process share its environment too. */
  @Test
  void aNameWithTheProgramsPrefixIsForThatProgram() throws ConfigException {
    Map<String, String> environment =
        Map.of("FIRST_PORT", "3", "PORT", "4", "FIRST_APPS_DEMO_SECRETS", "a", "SECOND_APPS_NO_SECRETS", "b");

    Config config = Config.load(ConfigSource.of("port = 5", environment, List.of()), First.class, Second.class);

    assertThat(config.get(First.class).port()).isEqualTo(3);
    assertThat(config.get(Second.class).port()).isEqualTo(4);
    assertThat(config.get(First.class).apps()).containsOnlyKeys("demo");
    assertThat(config.get(First.class).apps().get("demo").secrets()).containsExactly(Redacted.of("a"));
  }

  @Test
  void tellsEveryProblemAtOnce() {
    assertThatThrownBy(() -> load("recrod.memory-budget = 1\nno line\nport = x\nport = 4",
        Map.of("RECORD_CHUNK_AGE", "soon"), "--record.memory-budget=1 MiB", "stray"))
        .isInstanceOfSatisfying(ConfigException.class, e -> assertThat(e.problems()).anySatisfy(
            problem -> assertThat(problem).contains("recrod.memory-budget", "line 1", "did you mean record.memory-budget"))
            .anySatisfy(problem -> assertThat(problem).contains("line 2"))
            .anySatisfy(problem -> assertThat(problem).contains("port stands twice"))
            .anySatisfy(problem -> assertThat(problem).contains("RECORD_CHUNK_AGE", "write a time like"))
            .anySatisfy(problem -> assertThat(problem).contains("stray"))
            .hasSize(5));
  }

  @Test
  void letsTheRecordRefuse() {
    assertThatThrownBy(() -> load("", Map.of(), "--record.memory-budget=1 MiB"))
        .hasMessage("record.memory-budget is 1 MiB; give 16 MiB or more");
  }

  @Test
  void printsWhatIsInForceWithoutSecrets() throws ConfigException {
    Config config = Config.load(
        ConfigSource.of("apps.demo.secrets = hush, hush2", Map.of(), List.of()), Server.class, Other.class);

    assertThat(config.print()).contains("apps.demo.secrets = ****, ****", "record.memory-budget = 256 MiB", "ratio = 1.5")
        .doesNotContain("hush");
    assertThat(config.get(Other.class).ratio()).isEqualTo(1.5);
    assertThat(Config.help(Server.class)).contains("--record.memory-budget", "RECORD_MEMORY_BUDGET", "apps.<name>.secrets");
  }

  @Test
  void readsAndPrintsSizes() {
    assertThat(ByteSize.parse("1536")).hasToString("1536 B");
    assertThat(ByteSize.parse("1 KiB")).isEqualTo(new ByteSize(1024)).hasToString("1 KiB");
    assertThat(ByteSize.parse("3GiB").bytes()).isEqualTo(3L << 30);
    for (String bad : List.of("", "-1", "1 MB", "x", "99999999999999 TiB")) {
      assertThatThrownBy(() -> ByteSize.parse(bad)).isInstanceOfAny(IllegalArgumentException.class, ArithmeticException.class);
    }
  }

  private static Server load(String file, Map<String, String> environment, String... flags) throws ConfigException {
    return Config.load(ConfigSource.of(file, environment, List.of(flags)), Server.class).get(Server.class);
  }
}
