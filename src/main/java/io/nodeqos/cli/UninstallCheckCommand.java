// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.nodeqos.cli.command.ClusterOptions;
import io.nodeqos.cli.command.CommandException;
import io.nodeqos.cli.command.ExitCodes;
import io.nodeqos.cli.command.OutputOptions;
import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.client.ApiFailure;
import io.nodeqos.kube.client.ApiRefusal;
import io.nodeqos.kube.client.ResourcePath;
import io.nodeqos.node.value.GoDuration;
import io.nodeqos.time.Pauses;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code nodeqos uninstall-check}: the policies that could not be deleted without the controller.
 */
@Command(
    name = "uninstall-check",
    mixinStandardHelpOptions = true,
    description = {
      "Shows whether the controller can be removed. A policy with deletionPolicy Remove has a"
          + " finalizer, which only a running controller takes away: without one the policy and its"
          + " CustomResourceDefinition cannot be deleted.",
      "",
      "The chart runs it before 'helm uninstall', when that removes the CRD. In the cluster:",
      "  kubectl exec -n NAMESPACE deployment/node-qos-controller --"
          + " java -Xmx32m -jar /app/node-qos-controller.jar uninstall-check"
    },
    exitCodeListHeading = ExitCodes.HEADING,
    exitCodeList = {
      ExitCodes.DONE + ":No policy needs the controller.",
      ExitCodes.FAILED + ":The policies cannot be read.",
      ExitCodes.BAD_INPUT_LINE,
      ExitCodes.WAITING + ":A policy needs the controller."
    })
final class UninstallCheckCommand implements Callable<Integer> {
  private static final Duration PERIOD = Duration.ofSeconds(1);

  private final Pauses pauses;

  @Spec private CommandSpec spec;

  @Mixin private ClusterOptions cluster;

  @Mixin private OutputOptions output;

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      defaultValue = "0s",
      description =
          "The longest to wait for policies that are being deleted, such as 1m (default"
              + " ${DEFAULT-VALUE}).")
  private String wait;

  UninstallCheckCommand() {
    this(Pauses.system());
  }

  UninstallCheckCommand(Pauses pauses) {
    this.pauses = pauses;
  }

  @Override
  public Integer call() throws InterruptedException {
    Duration limit = limit();
    ApiEndpoint api = cluster.clients().read(cluster.requestTimeout());
    List<HeldPolicy> held = awaitRelease(api, limit);
    if (output.isStructured()) {
      output.printObject("UninstallCheck", body(held));
    } else if (held.isEmpty()) {
      output.printLines(List.of("No policy needs the controller: it can be removed."));
    }
    return held.isEmpty() ? ExitCodes.DONE : ExitCodes.WAITING;
  }

  private Duration limit() {
    try {
      return GoDuration.parse(wait);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--wait: " + e.getMessage(), e);
    }
  }

  /** Those that are left when all are gone, one is held that nothing deletes, or time is up. */
  private List<HeldPolicy> awaitRelease(ApiEndpoint api, Duration limit)
      throws InterruptedException {
    long start = pauses.time().nanos();
    List<HeldPolicy> shown = List.of();
    List<HeldPolicy> held = held(api);
    while (!held.isEmpty()) {
      if (!held.equals(shown) && !output.isStructured()) {
        output.printLines(lines(held));
      }
      shown = held;
      if (!held.stream().allMatch(HeldPolicy::deleting)
          || pauses.time().since(start).compareTo(limit) >= 0) {
        return held;
      }
      pauses.sleep(PERIOD);
      held = held(api);
    }
    return held;
  }

  /** None, too, when the CRD is gone. */
  private List<HeldPolicy> held(ApiEndpoint api) {
    try {
      return HeldPolicy.of(api.get(ResourcePath.POLICIES, Map.of(), pauses.time()));
    } catch (IOException e) {
      ApiFailure why = ApiRefusal.failureOf(e);
      if (why.code() == 404) {
        return List.of();
      }
      throw CommandException.failed(
              "PoliciesNotRead", "the policies cannot be read: " + why.message())
          .causedBy(e);
    }
  }

  private static List<String> lines(List<HeldPolicy> held) {
    List<String> lines = new ArrayList<>();
    lines.add(
        held.size() == 1
            ? "1 policy needs the controller until its nodes are clean:"
            : held.size() + " policies need the controller until their nodes are clean:");
    held.forEach(policy -> lines.add(policy.sentence()));
    return lines;
  }

  private static JsonObject body(List<HeldPolicy> held) {
    JsonArray policies = new JsonArray();
    for (HeldPolicy policy : held) {
      JsonObject each = new JsonObject();
      each.addProperty("name", policy.name());
      each.addProperty("deleting", policy.deleting());
      each.addProperty("message", policy.sentence());
      policies.add(each);
    }
    JsonObject body = new JsonObject();
    body.add("policies", policies);
    return body;
  }
}
