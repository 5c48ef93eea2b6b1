package dev.tapedeck.standalone;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "token")
final class TokenCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    return 1;
  }
}
