// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.nodeqos.cli.command.ExitCodes;
import io.nodeqos.cli.command.OutputOptions;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code nodeqos history}: the transitions of a node in the history of a replica. */
@Command(
    name = "history",
    mixinStandardHelpOptions = true,
    description = {
      "Shows the transitions of a node, the newest last, from the history of a replica.",
      "",
      "Any replica can be used: all keep the same history. /history listens on loopback only;"
          + " forward its port with",
      "  kubectl port-forward -n NAMESPACE deployment/node-qos-controller 8081"
    },
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      ExitCodes.DONE + ":The history is shown.",
      ExitCodes.FAILED + ":There is no history of the node, or no replica answers.",
      ExitCodes.BAD_INPUT + ":Bad arguments."
    })
final class HistoryCommand implements Callable<Integer> {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "NODE", description = "The node.")
  private String node;

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8081",
      description = "Address of a replica's /history (default ${DEFAULT-VALUE}).")
  private URI url;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      defaultValue = "",
      description =
          "Only from this time on: 2026-11-23T14:00:00Z, for example, or a duration such as 2h.")
  private String since;

  @Mixin private OutputOptions output;

  @Override
  public Integer call() throws InterruptedException {
    if (url.getScheme() == null || !url.getScheme().startsWith("http")) {
      throw new ParameterException(spec.commandLine(), "--url " + url + " is not an http address");
    }
    HttpResponse<String> reply;
    JsonObject body;
    try {
      reply = ask();
      body = JsonParser.parseString(reply.body()).getAsJsonObject();
    } catch (IOException | JsonParseException | IllegalStateException notThere) {
      return failed(
          "no replica answers at "
              + url
              + "/history; try: kubectl port-forward -n nodeqos-system"
              + " deployment/node-qos-controller 8081");
    }
    if (reply.statusCode() == 400) {
      throw new ParameterException(spec.commandLine(), body.get("error").getAsString());
    }
    if (reply.statusCode() != 200) {
      return failed(body.get("error").getAsString());
    }
    output.print(
        "History",
        () -> body,
        format -> HistoryText.lines(body.getAsJsonArray("transitions"), format));
    return body.getAsJsonArray("transitions").isEmpty()
        ? failed("no history of node " + node + (since.isEmpty() ? "" : " since " + since))
        : ExitCodes.DONE;
  }

  private HttpResponse<String> ask() throws IOException, InterruptedException {
    String query = "?limit=1000&node=" + encoded(node);
    return HttpClient.newBuilder()
        .connectTimeout(TIMEOUT)
        .build()
        .send(
            HttpRequest.newBuilder(
                    url.resolve(
                        "/history" + query + (since.isEmpty() ? "" : "&since=" + encoded(since))))
                .timeout(TIMEOUT)
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private int failed(String why) {
    output.remark(why);
    return ExitCodes.FAILED;
  }
}
