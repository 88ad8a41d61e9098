// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.explain;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.explain.answer.Explanation.Advice;
import io.nodeqos.node.value.GoDuration;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Why a pod is not Ready, as its status reports it.
 *
 * @param container the container in trouble; empty when the pod as a whole is
 * @param reason one word, such as {@code CrashLoopBackOff}, {@code ImagePullBackOff}, {@code
 *     Unschedulable}; empty when the status does not report one
 * @param message words of the kubelet or the scheduler; may be empty
 * @param lastExit the last end of the container
 */
public record PodTrouble(
    String namespace,
    String name,
    String container,
    String reason,
    String message,
    int restarts,
    Optional<Exit> lastExit) {
  private static final int MAX_QUOTE = 300;

  /** Reasons of a container that runs. */
  private static final String NOT_READY = "NotReady";

  private static final String INITIALIZING = "Initializing";

  private static final String CRASH_LOOP = "CrashLoopBackOff";

  /** Reasons of a container that is about to start. */
  private static final Set<String> STARTING = Set.of("ContainerCreating", "PodInitializing");

  /** A container that runs again, and ended longer ago, is not Ready for another reason. */
  private static final Duration RECENT = Duration.ofMinutes(10);

  /**
   * The end of a container.
   *
   * @param message its termination message; may be empty
   * @param isPrevious a container was started after it, or is about to be: {@code kubectl logs} has
   *     its log with {@code --previous}, and otherwise without
   */
  public record Exit(int code, String reason, Instant at, String message, boolean isPrevious) {}

  /** Reads a Pod as the API server sends it; an unknown form reads as empty. */
  public static PodTrouble of(JsonObject pod) {
    JsonObject status = object(pod, "status");
    if (object(pod, "metadata").has("deletionTimestamp")) {
      List<String> finalizers = texts(object(pod, "metadata"), "finalizers");
      return ofPod(
          pod, "", finalizers.isEmpty() ? "" : "its finalizers: " + String.join(", ", finalizers));
    }
    Optional<JsonObject> scheduled = condition(status, "PodScheduled");
    if (scheduled.isPresent() && !text(scheduled.get(), "status").equals("True")) {
      return ofPod(pod, text(scheduled.get(), "reason"), text(scheduled.get(), "message"));
    }
    List<JsonObject> containers = new ArrayList<>(objects(status, "initContainerStatuses"));
    containers.removeIf(PodTrouble::isDone);
    containers.addAll(objects(status, "containerStatuses"));
    return containers.stream()
        .filter(c -> !isReady(c))
        .min((a, b) -> Integer.compare(rank(a), rank(b)))
        .map(worst -> of(pod, worst))
        .orElseGet(() -> ofConditions(pod, status));
  }

  /** No container is in trouble: a readiness gate can be, or the whole pod. */
  private static PodTrouble ofConditions(JsonObject pod, JsonObject status) {
    return condition(status, "Ready")
        .filter(ready -> text(status, "reason").isEmpty())
        .filter(ready -> !text(ready, "status").equals("True"))
        .map(ready -> ofPod(pod, text(ready, "reason"), text(ready, "message")))
        .orElseGet(() -> ofPod(pod, text(status, "reason"), text(status, "message")));
  }

  private static PodTrouble ofPod(JsonObject pod, String reason, String message) {
    JsonObject meta = object(pod, "metadata");
    return new PodTrouble(
        text(meta, "namespace"), text(meta, "name"), "", reason, message, 0, Optional.empty());
  }

  private static PodTrouble of(JsonObject pod, JsonObject container) {
    JsonObject meta = object(pod, "metadata");
    JsonObject state = object(container, "state");
    JsonObject waiting = object(state, "waiting");
    Optional<Exit> exit =
        exit(object(state, "terminated"), false)
            .or(() -> exit(object(object(container, "lastState"), "terminated"), true));
    String reason = text(waiting, "reason");
    String message = text(waiting, "message");
    if (reason.isEmpty() && state.has("running")) {
      boolean isInit = isInitContainer(pod, text(container, "name"));
      reason = isInit ? INITIALIZING : NOT_READY;
      message =
          isInit
              ? "the init container " + text(container, "name") + " still runs"
              : isStarted(container)
                  ? "the container runs, but its readiness probe does not succeed"
                  : "the container runs, but its startup probe has not succeeded yet";
    }
    // The kubelet's words repeat the names and the pause: "back-off 5m0s restarting failed ...".
    return new PodTrouble(
        text(meta, "namespace"),
        text(meta, "name"),
        text(container, "name"),
        reason.isEmpty() ? exit.map(Exit::reason).orElse("") : reason,
        reason.equals(CRASH_LOOP) ? "" : message,
        (int) number(container, "restartCount"),
        exit);
  }

  /** A clause: the reason, and the facts that belong to it. */
  public String words(Instant now) {
    List<String> parts = new ArrayList<>();
    if (!reason.isEmpty()) {
      parts.add(reason);
    }
    if (restarts > 0) {
      parts.add(restarts + (restarts == 1 ? " restart" : " restarts"));
    }
    lastExit.ifPresent(
        exit ->
            parts.add(
                "last exit code "
                    + exit.code()
                    + (exit.reason().isEmpty() || exit.reason().equals(reason)
                        ? ""
                        : " (" + exit.reason() + ")")
                    + (exit.at().equals(Instant.EPOCH) || exit.at().isAfter(now)
                        ? ""
                        : " "
                            + GoDuration.format(
                                Duration.ofSeconds(Duration.between(exit.at(), now).toSeconds()))
                            + " ago")));
    return String.join(", ", parts);
  }

  /** The words of the container itself, else those of the kubelet; one line. */
  public String quote(Instant now) {
    String words =
        tellingExit(now).map(Exit::message).filter(m -> !m.isBlank()).orElse(message).strip();
    int line = words.lastIndexOf('\n');
    String last = words.substring(line + 1).strip();
    return last.length() <= MAX_QUOTE ? last : last.substring(0, MAX_QUOTE - 1) + "…";
  }

  /** The end that explains the present state. */
  private Optional<Exit> tellingExit(Instant now) {
    return lastExit.filter(
        exit ->
            !exit.isPrevious()
                || reason.equals(CRASH_LOOP)
                || (runs() && exit.at().plus(RECENT).isAfter(now)));
  }

  private boolean runs() {
    return reason.equals(NOT_READY) || reason.equals(INITIALIZING);
  }

  /** The step that shows most about it. */
  Advice advice(Instant now) {
    Optional<Exit> exit = tellingExit(now);
    if (container.isEmpty() || (exit.isEmpty() && !runs())) {
      return events(namespace, name);
    }
    return Advice.command(
        exit.isPresent()
            ? "see why its container ended"
            : reason.equals(INITIALIZING)
                ? "see what its init container waits for"
                : "see why its container is not Ready",
        "kubectl -n "
            + namespace
            + " logs "
            + name
            + " -c "
            + container
            + (exit.filter(Exit::isPrevious).isPresent() ? " --previous" : ""));
  }

  /** The Events of a pod. */
  static Advice events(String namespace, String name) {
    return Advice.command(
        "see the Events of the pod", "kubectl -n " + namespace + " describe pod " + name);
  }

  /** A sidecar is an init container that runs for as long as the pod does. */
  private static boolean isInitContainer(JsonObject pod, String name) {
    return objects(object(pod, "spec"), "initContainers").stream()
        .filter(c -> text(c, "name").equals(name))
        .anyMatch(c -> !text(c, "restartPolicy").equals("Always"));
  }

  /** The kubelet reports false only while a startup probe is to succeed. */
  private static boolean isStarted(JsonObject container) {
    return !container.has("started") || flag(container, "started");
  }

  private static boolean isDone(JsonObject initContainer) {
    JsonObject end = object(object(initContainer, "state"), "terminated");
    return end.has("exitCode") && number(end, "exitCode") == 0;
  }

  /** A sidecar among the init containers is started, and never ready without a probe. */
  private static boolean isReady(JsonObject container) {
    return flag(container, "ready");
  }

  /** Known trouble comes before a container that only starts. */
  private static int rank(JsonObject container) {
    String waiting = text(object(object(container, "state"), "waiting"), "reason");
    if (!waiting.isEmpty()) {
      return STARTING.contains(waiting) ? 3 : 0;
    }
    return object(object(container, "state"), "terminated").has("exitCode") ? 1 : 2;
  }

  private static Optional<Exit> exit(JsonObject terminated, boolean isPrevious) {
    if (!terminated.has("exitCode")) {
      return Optional.empty();
    }
    Instant at;
    try {
      at = Instant.parse(text(terminated, "finishedAt"));
    } catch (DateTimeException noTime) {
      at = Instant.EPOCH;
    }
    return Optional.of(
        new Exit(
            (int) number(terminated, "exitCode"),
            text(terminated, "reason"),
            at,
            text(terminated, "message"),
            isPrevious));
  }

  private static Optional<JsonObject> condition(JsonObject status, String type) {
    return objects(status, "conditions").stream()
        .filter(c -> text(c, "type").equals(type))
        .findFirst();
  }

  private static JsonObject object(JsonObject in, String field) {
    return in.get(field) instanceof JsonObject found ? found : new JsonObject();
  }

  private static List<JsonObject> objects(JsonObject in, String field) {
    JsonElement list = in.get(field);
    return list == null || !list.isJsonArray()
        ? List.of()
        : list.getAsJsonArray().asList().stream()
            .filter(JsonElement::isJsonObject)
            .map(JsonElement::getAsJsonObject)
            .toList();
  }

  private static List<String> texts(JsonObject in, String field) {
    JsonElement list = in.get(field);
    return list == null || !list.isJsonArray()
        ? List.of()
        : list.getAsJsonArray().asList().stream()
            .filter(JsonElement::isJsonPrimitive)
            .map(JsonElement::getAsString)
            .toList();
  }

  private static String text(JsonObject in, String field) {
    JsonElement value = in.get(field);
    return value != null && value.isJsonPrimitive() ? value.getAsString() : "";
  }

  private static long number(JsonObject in, String field) {
    JsonElement value = in.get(field);
    return value != null && value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber()
        ? value.getAsLong()
        : 0;
  }

  private static boolean flag(JsonObject in, String field) {
    JsonElement value = in.get(field);
    return value != null && value.isJsonPrimitive() && value.getAsBoolean();
  }
}
