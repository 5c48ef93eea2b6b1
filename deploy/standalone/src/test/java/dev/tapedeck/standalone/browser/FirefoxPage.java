package dev.tapedeck.standalone.browser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One Firefox process that shows one page; nobody drives it. */
public final class FirefoxPage implements AutoCloseable {
  private static final List<String> PREFERENCES = List.of(
      "user_pref('browser.shell.checkDefaultBrowser', false);",
      "user_pref('datareporting.policy.dataSubmissionEnabled', false);",
      "user_pref('app.update.enabled', false);",
      "user_pref('network.captive-portal-service.enabled', false);",
      "user_pref('network.connectivity-service.enabled', false);");

  private final Process process;

  /**
   * Starts the browser.
   *
   * @param folder gets the profile and the log; made if it is not there
   * @throws IOException when there is no Firefox on this machine; {@code ./tapedeck test} installs it
   */
  public FirefoxPage(String url, Path folder) throws IOException {
    Path profile = Files.createDirectories(folder.resolve("profile"));
    Files.write(profile.resolve("user.js"), PREFERENCES);
    process = new ProcessBuilder("firefox-esr", "--headless", "--no-remote", "--profile",
        profile.toAbsolutePath().toString(), url)
        .redirectErrorStream(true).redirectOutput(folder.resolve("firefox.log").toFile()).start();
  }

  @Override
  public void close() throws InterruptedException {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}
