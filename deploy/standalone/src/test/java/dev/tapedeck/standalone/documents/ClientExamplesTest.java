package dev.tapedeck.standalone.documents;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tapedeck.bench.lab.Await;
import dev.tapedeck.connector.io.secrets.Secrets;
import dev.tapedeck.standalone.TapedeckMain;
import dev.tapedeck.standalone.browser.BrowserExtension;
import dev.tapedeck.standalone.browser.BrowserRoom;
import dev.tapedeck.standalone.browser.ChromiumPage;
import dev.tapedeck.standalone.browser.ExamplePages;
import dev.tapedeck.standalone.browser.Performer;
import dev.tapedeck.standalone.browser.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;

/** each program of docs/clients.md, taken from the page, against a running deployment. */
@ExtendWith(BrowserExtension.class)
class ClientExamplesTest {
  private static final Pattern RUNNING = Pattern.compile("Tapedeck is running on (http://\\S+)");
  private static final String HOOK_SECRET = "what-backends-and-connector-share-for-hooks";
  /** Three backends, a deployment and two browsers start at once. */
  private static final Duration DEADLINE = Duration.ofMinutes(3);
  private static final String PLAYING =
      "return [...document.querySelectorAll('video')].filter((v) => v.videoWidth > 0 && v.currentTime > 0).length";
  private static final String PEOPLE =
      "return [...document.querySelectorAll('li')].map((each) => each.textContent).join()";

  @TempDir
  private Path folder;

  private final ClientExamples examples = ClientExamples.of(Documents.find().read("docs/clients.md"));

  @Test
  void eachDoesWhatThePageSays(BrowserRoom room) throws Exception {
    assertThat(examples.names()).containsExactlyInAnyOrder("browser.html", "sdk.js", "react.jsx", "whep.html",
        "curl.sh", "backend.mjs", "backend.py", "Backend.java");
    Path data = folder.resolve("data");
    String appSecret = Secrets.loadOrCreate(data, new SecureRandom()).app().reveal();
    try (ExampleBackend node = backend(appSecret, "node", examples.write("backend.mjs", folder).toString());
        ExampleBackend python = backend(appSecret, "python3", examples.write("backend.py", folder).toString());
        ExampleBackend java = backend(appSecret, Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            examples.write("Backend.java", folder).toString());
        ServerProcess server = ServerProcess.start(TapedeckMain.class, folder.resolve("standalone.log"), RUNNING,
            "standalone", "--data=" + data, "--http.port=0", "--record.grace=1s", "--room.destroy-after=1s",
            "--outbound.allow=127.0.0.1",
            hook("node", "url", node.url() + "/hooks"), hook("node", "secret", HOOK_SECRET),
            hook("python", "url", python.url() + "/hooks"), hook("python", "secret", HOOK_SECRET),
            hook("java", "url", java.url() + "/hooks"), hook("java", "secret", HOOK_SECRET))) {
      refuseForgedHooks(node, python, java);
      Path pages = ExamplePages.FOLDER;
      examples.write("browser.html", pages, server.baseUrl(), node.url());
      examples.write("whep.html", pages, server.baseUrl(), java.url());
      String react = examples.bundle("react.jsx", pages, server.baseUrl(), python.url());
      String sdk = examples.bundle("sdk.js", pages, server.baseUrl(), node.url());

      ChromiumPage red = room.open(Performer.RED, ExamplePages.page("browser.html"));
      ChromiumPage green = room.open(Performer.GREEN, ExamplePages.page(react));
      await(red, "the guest to see the one with the hooks", PLAYING, playing -> (Long) playing >= 1);
      await(green, "the one with the hooks to see the guest", PLAYING, playing -> (Long) playing >= 1);
      await(green, "the guest to be shown as speaking", PEOPLE,
          people -> ((String) people).matches("guest-\\d+ speaks"));
      green.driver().findElement(By.tagName("button")).click();
      await(green, "what was said", "return document.querySelector('section').textContent",
          text -> ((String) text).contains("react: hello"));
      picture(red, "browser");
      picture(green, "react");
      curl(server.baseUrl(), appSecret);

      red = room.open(Performer.RED, ExamplePages.page(sdk));
      await(red, "the one with the SDK to see the one with the hooks", PLAYING, playing -> (Long) playing >= 1);
      await(green, "the one with the SDK", PEOPLE, people -> ((String) people).startsWith("sdk"));
      picture(red, "sdk");
      red = room.open(Performer.RED, ExamplePages.page("whep.html"));
      await(red, "the watcher to see the one with the hooks", PLAYING, playing -> (Long) playing == 1);
      picture(red, "whep");

      red.open("about:blank");
      green.open("about:blank");
      for (ExampleBackend backend : List.of(node, python, java)) {
        Await.until("the verdict at a backend", backend::said, said -> said.contains("\"Finalized\""));
        assertThat(backend.said()).contains("\"Room\"", "\"verdict\":\"complete\"");
      }
    }
  }

  private ExampleBackend backend(String appSecret, String... command) throws IOException {
    return ExampleBackend.start(List.of(command),
        Map.of("APP_SECRET", appSecret, "HOOK_SECRET", HOOK_SECRET, "PORT", "0"),
        folder.resolve(Path.of(command[1]).getFileName() + ".log"));
  }

  private static String hook(String name, String member, String value) {
    return "--hooks." + name + "." + member + "=" + value;
  }

  /** Signed with another secret, or not at all. */
  private static void refuseForgedHooks(ExampleBackend... backends) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      for (ExampleBackend backend : backends) {
        HttpRequest forged = HttpRequest.newBuilder(URI.create(backend.url() + "/hooks"))
            .header("x-webhook-timestamp", "" + System.currentTimeMillis() / 1000)
            .header("x-webhook-signature-v2", "00".repeat(32))
            .POST(HttpRequest.BodyPublishers.ofString("{}")).build();
        assertThat(http.send(forged, BodyHandlers.discarding()).statusCode()).as(backend.url()).isEqualTo(401);
        assertThat(backend.said()).doesNotContain("hook ");
      }
    }
  }

  private void curl(String origin, String secret) throws Exception {
    Path said = folder.resolve("curl.log");
    ProcessBuilder builder = new ProcessBuilder("bash", "-e", examples.write("curl.sh", folder).toString())
        .redirectErrorStream(true).redirectOutput(said.toFile());
    builder.environment().putAll(Map.of("O", origin, "SECRET", secret));
    assertThat(builder.start().waitFor()).as(() -> Documents.read(said)).isZero();
    List<JsonNode> answers = Files.readAllLines(said).stream().map(ClientExamplesTest::json).toList();
    assertThat(answers).hasSize(6);
    assertThat(answers.get(0).at("/data/token").asText()).isNotEmpty();
    assertThat(answers.get(1).path("url").asText()).contains("#invite=");
    assertThat(answers.get(3).path("peers").findValuesAsText("peer")).contains("react").hasSize(2);
    assertThat(answers.get(4).path("recordings")).hasSize(1);
    assertThat(answers.get(5).path("events")).hasSize(3);
  }

  private static JsonNode json(String line) {
    try {
      return new ObjectMapper().readTree(line);
    } catch (IOException e) {
      throw new AssertionError("curl said what is no JSON: " + line, e);
    }
  }

  private static void await(ChromiumPage page, String what, String script, Predicate<Object> fits) {
    Await.until(what, DEADLINE, () -> page.driver().executeScript(script), fits);
  }

  /** For people to look at. */
  private static void picture(ChromiumPage page, String name) throws IOException {
    Files.write(ExamplePages.FOLDER.resolve(name + ".png"), page.driver().getScreenshotAs(OutputType.BYTES));
  }
}
