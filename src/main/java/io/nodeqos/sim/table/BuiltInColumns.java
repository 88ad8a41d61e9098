// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.table;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.nodeqos.sim.model.HumanDuration;
import io.nodeqos.sim.model.Json;
import io.nodeqos.sim.model.TableColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The columns that kubectl shows of the built-in kinds ({@code pkg/printers/internalversion}). */
public final class BuiltInColumns {
  private static final String ROLE = "node-role.kubernetes.io/";
  private static final String NONE = "<none>";

  private BuiltInColumns() {}

  static TableColumn name() {
    return new TableColumn(
        "Name",
        "string",
        "name",
        "Name must be unique within a namespace.",
        0,
        (object, now) -> new JsonPrimitive(Json.string(object, "metadata", "name")));
  }

  static TableColumn age() {
    return new TableColumn(
        "Age",
        "string",
        "",
        "CreationTimestamp of the object.",
        0,
        (object, now) ->
            new JsonPrimitive(
                HumanDuration.since(Json.string(object, "metadata", "creationTimestamp"), now)));
  }

  public static List<TableColumn> plain() {
    return List.of(name(), age());
  }

  public static List<TableColumn> definitions() {
    return List.of(
        name(), new TableColumn("Created At", "date", "", "", 0, (object, now) -> created(object)));
  }

  public static List<TableColumn> namespaces() {
    return List.of(name(), text("Status", 0, at("status", "phase")), age());
  }

  public static List<TableColumn> leases() {
    return List.of(name(), text("Holder", 0, at("spec", "holderIdentity")), age());
  }

  public static List<TableColumn> nodes() {
    return List.of(
        name(),
        text("Status", 0, BuiltInColumns::nodeStatus),
        text("Roles", 0, BuiltInColumns::roles),
        age(),
        text("Version", 0, at("status", "nodeInfo", "kubeletVersion")),
        text("Internal-IP", 1, node -> address(node, "InternalIP")),
        text("External-IP", 1, node -> address(node, "ExternalIP")),
        text("OS-Image", 1, orUnknown(at("status", "nodeInfo", "osImage"))),
        text("Kernel-Version", 1, orUnknown(at("status", "nodeInfo", "kernelVersion"))),
        text(
            "Container-Runtime",
            1,
            orUnknown(at("status", "nodeInfo", "containerRuntimeVersion"))));
  }

  public static List<TableColumn> pods() {
    return List.of(
        name(),
        text("Ready", 0, BuiltInColumns::readyContainers),
        text("Status", 0, BuiltInColumns::podStatus),
        text("Restarts", 0, BuiltInColumns::restarts),
        age(),
        text("IP", 1, orNone(at("status", "podIP"))),
        text("Node", 1, orNone(at("spec", "nodeName"))),
        text("Nominated Node", 1, orNone(at("status", "nominatedNodeName"))),
        text("Readiness Gates", 1, pod -> NONE));
  }

  public static List<TableColumn> daemonSets() {
    return List.of(
        name(),
        count("Desired", "desiredNumberScheduled"),
        count("Current", "currentNumberScheduled"),
        count("Ready", "numberReady"),
        count("Up-to-date", "updatedNumberScheduled"),
        count("Available", "numberAvailable"),
        text("Node Selector", 0, BuiltInColumns::nodeSelector),
        age());
  }

  public static List<TableColumn> events() {
    return List.of(
        new TableColumn(
            "Last Seen",
            "string",
            "",
            "",
            0,
            (event, now) -> new JsonPrimitive(HumanDuration.since(lastSeen(event), now))),
        text("Type", 0, at("type")),
        text("Reason", 0, at("reason")),
        text(
            "Object",
            0,
            event ->
                Json.string(event, "involvedObject", "kind").toLowerCase(java.util.Locale.ROOT)
                    + "/"
                    + Json.string(event, "involvedObject", "name")),
        text("Message", 0, event -> Json.string(event, "message").trim()),
        text("Name", 1, at("metadata", "name")));
  }

  private static JsonElement created(JsonObject object) {
    String time = Json.string(object, "metadata", "creationTimestamp");
    return time.isEmpty() ? JsonNull.INSTANCE : new JsonPrimitive(time);
  }

  private static String lastSeen(JsonObject event) {
    for (String[] path :
        new String[][] {
          {"series", "lastObservedTime"},
          {"lastTimestamp"},
          {"eventTime"},
          {"firstTimestamp"},
          {"metadata", "creationTimestamp"}
        }) {
      if (!Json.string(event, path).isEmpty()) {
        return Json.string(event, path);
      }
    }
    return "";
  }

  private static String nodeStatus(JsonObject node) {
    String ready = "Unknown";
    for (JsonObject condition : Json.objects(node, "status", "conditions")) {
      if (Json.string(condition, "type").equals("Ready")) {
        ready = Json.string(condition, "status").equals("True") ? "Ready" : "NotReady";
      }
    }
    boolean cordoned = Json.string(node, "spec", "unschedulable").equals("true");
    return cordoned ? ready + ",SchedulingDisabled" : ready;
  }

  private static String roles(JsonObject node) {
    String roles =
        Json.stringMap(node, "metadata", "labels").keySet().stream()
            .filter(label -> label.startsWith(ROLE) && label.length() > ROLE.length())
            .map(label -> label.substring(ROLE.length()))
            .sorted()
            .collect(Collectors.joining(","));
    return roles.isEmpty() ? NONE : roles;
  }

  private static String address(JsonObject node, String type) {
    return Json.objects(node, "status", "addresses").stream()
        .filter(address -> Json.string(address, "type").equals(type))
        .map(address -> Json.string(address, "address"))
        .findFirst()
        .orElse(NONE);
  }

  private static String readyContainers(JsonObject pod) {
    long ready =
        Json.objects(pod, "status", "containerStatuses").stream()
            .filter(status -> Json.string(status, "ready").equals("true"))
            .count();
    return ready + "/" + Json.array(pod, "spec", "containers").size();
  }

  private static String podStatus(JsonObject pod) {
    if (!Json.string(pod, "metadata", "deletionTimestamp").isEmpty()) {
      return "Terminating";
    }
    for (JsonObject status : Json.objects(pod, "status", "containerStatuses")) {
      String waiting = Json.string(status, "state", "waiting", "reason");
      if (!waiting.isEmpty()) {
        return waiting;
      }
    }
    String reason = Json.string(pod, "status", "reason");
    return reason.isEmpty() ? Json.string(pod, "status", "phase") : reason;
  }

  private static String restarts(JsonObject pod) {
    long restarts = 0;
    for (JsonObject status : Json.objects(pod, "status", "containerStatuses")) {
      restarts += Json.number(status, 0, "restartCount");
    }
    return Long.toString(restarts);
  }

  private static String nodeSelector(JsonObject daemonSet) {
    List<String> labels = new ArrayList<>();
    new TreeMap<>(Json.stringMap(daemonSet, "spec", "template", "spec", "nodeSelector"))
        .forEach((key, value) -> labels.add(key + "=" + value));
    return labels.isEmpty() ? NONE : String.join(",", labels);
  }

  private static Function<JsonObject, String> at(String... path) {
    return object -> Json.string(object, path);
  }

  private static Function<JsonObject, String> orNone(Function<JsonObject, String> value) {
    return value.andThen(text -> text.isEmpty() ? NONE : text);
  }

  private static Function<JsonObject, String> orUnknown(Function<JsonObject, String> value) {
    return value.andThen(text -> text.isEmpty() ? "<unknown>" : text);
  }

  private static TableColumn text(String name, int priority, Function<JsonObject, String> value) {
    return new TableColumn(
        name, "string", "", "", priority, (object, now) -> new JsonPrimitive(value.apply(object)));
  }

  private static TableColumn count(String name, String field) {
    return new TableColumn(
        name,
        "integer",
        "",
        "",
        0,
        (object, now) -> new JsonPrimitive(Json.number(object, 0, "status", field)));
  }

  /** One row of cells. */
  public static JsonArray cells(
      List<TableColumn> columns, JsonObject object, java.time.Instant now) {
    JsonArray cells = new JsonArray();
    columns.forEach(column -> cells.add(column.cell().apply(object, now)));
    return cells;
  }
}
