// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.fleet;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.nodeqos.sim.fleet.FleetClient.PatchType;
import io.nodeqos.sim.fleet.FleetClient.Reply;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The kubelet of one node: registers it with the startup taint, reports Ready after a while, pulls
 * the images of the node's boot script and of the pods bound to it one at a time, runs those pods,
 * registers the storage driver, and writes a heartbeat. It learns of pods only from the API. After
 * a reboot it behaves as real ones do, see {@link #reboot}.
 */
final class SimulatedKubelet {

  static final List<String> PRESSURES = List.of("MemoryPressure", "DiskPressure", "PIDPressure");

  /** Measured on a real kubelet. */
  private static final Duration POD_CHECK_DELAY = Duration.ofMillis(800);

  // A kubelet does not write its status for every single image.
  private static final Duration MAX_REPORT_DELAY = Duration.ofSeconds(1);

  private final FleetContext context;
  private final Machine machine;
  private final FleetApi client;
  private final String nodePath;

  private final Object statusOrder = new Object();

  // Guarded by this, which is never held during a call.
  private final Map<String, Instant> pulled = new LinkedHashMap<>();
  private final Map<String, JsonObject> pods = new LinkedHashMap<>();
  private int reboots;
  private Instant pullsUntil = Instant.MIN;
  private boolean reportDue;
  private boolean ready;
  private boolean gone;

  SimulatedKubelet(FleetContext context, Machine machine, FleetApi client) {
    this.context = context;
    this.machine = machine;
    this.client = client;
    this.nodePath = "/api/v1/nodes/" + machine.name();
  }

  /** Lets the node join at its planned time. */
  void start() {
    context.steps().after(machine.joinAfter(), this::register);
  }

  private void register() throws IOException {
    JsonObject node = machine.node(context.now());
    Reply created =
        client.create("/api/v1/nodes", node).expect("registering " + machine.name(), 409);
    JsonObject registered = created.ok() ? created.body() : client.get(nodePath).body();
    client
        .create(
            "/apis/storage.k8s.io/v1/csinodes",
            FleetNodes.csiNode(machine.name(), FleetJson.uid(registered)))
        .expect("the CSINode of " + machine.name(), 409);
    context.steps().after(delay("ready", context.timings().nodeReady()), this::becomeReady);
    long heartbeat = context.heartbeat().toMillis();
    Duration first = delay("heartbeat", FleetTimings.Range.ofMillis(1, heartbeat));
    context.steps().after(first, this::heartbeat);
    machine.bootImages().forEach(this::pull);
  }

  private void becomeReady() throws IOException {
    synchronized (this) {
      ready = true;
    }
    String now = context.now();
    postStatus(
        FleetNodes.condition(
            "Ready", "True", "KubeletReady", "kubelet is posting ready status", now));
  }

  /**
   * The machine restarts. The first status has the new bootID and the condition Ready as it was;
   * the pods are as they were before until the kubelet looks at them, then they are not Ready and
   * start again. The CSINode keeps its drivers.
   */
  void reboot() throws IOException {
    List<JsonObject> ran;
    int boot;
    synchronized (this) {
      boot = ++reboots;
      ran = List.copyOf(pods.values());
    }
    postStatus(alive());
    for (JsonObject pod : ran) {
      context.steps().after(POD_CHECK_DELAY, () -> startAgain(pod, boot));
    }
  }

  private void startAgain(JsonObject pod, int boot) throws IOException {
    if (patch(pod, FleetPods.stopped(pod, context.now()))) {
      run(pod, boot);
    }
  }

  private JsonObject alive() {
    JsonObject alive = new JsonObject();
    alive.addProperty("type", "Ready");
    alive.addProperty("lastHeartbeatTime", context.now());
    return alive;
  }

  private void heartbeat() throws IOException {
    postStatus(alive());
    if (!isGone()) {
      context.steps().after(context.heartbeat(), this::heartbeat);
    }
  }

  private void reportImages() throws IOException {
    synchronized (this) {
      reportDue = false;
    }
    postStatus(null);
  }

  // One at a time, as a list of images that was built earlier must not arrive later.
  private void postStatus(JsonObject readyCondition) throws IOException {
    synchronized (statusOrder) {
      JsonObject status = new JsonObject();
      if (readyCondition != null) {
        JsonArray conditions = new JsonArray();
        for (String pressure : PRESSURES) {
          JsonObject alive = new JsonObject();
          alive.addProperty("type", pressure);
          alive.addProperty("lastHeartbeatTime", context.now());
          conditions.add(alive);
        }
        conditions.add(readyCondition);
        status.add("conditions", conditions);
      }
      status.add("images", presentImages());
      status.add("nodeInfo", nodeInfo());
      JsonObject patch = new JsonObject();
      patch.add("status", status);
      Reply reply =
          client
              .patch(nodePath + "/status", PatchType.STRATEGIC, patch)
              .expect("the status of " + machine.name(), 404);
      if (reply.code() == 404) {
        synchronized (this) {
          gone = true;
        }
      }
    }
  }

  private synchronized JsonObject nodeInfo() {
    JsonObject info = new JsonObject();
    info.addProperty("bootID", machine.bootId(reboots));
    return info;
  }

  private synchronized JsonArray presentImages() {
    JsonArray images = new JsonArray();
    machine.presentImages().forEach(images::add);
    Instant now = context.instant();
    pulled.forEach(
        (image, done) -> {
          if (!done.isAfter(now)) {
            images.add(FleetPods.image(image));
          }
        });
    return images;
  }

  /**
   * Queues the pull unless the image is present or queued; the time from now until it is present.
   */
  private synchronized Duration pull(String image) {
    if (isPresent(image)) {
      return Duration.ZERO;
    }
    Instant now = context.instant();
    Instant done = pulled.get(image);
    if (done == null) {
      Instant begin = pullsUntil.isAfter(now) ? pullsUntil : now;
      done = begin.plus(delay("pull " + image, context.timings().imagePull()));
      pulled.put(image, done);
      pullsUntil = done;
      context.steps().after(Duration.between(now, done), this::imagePulled);
    }
    return done.isAfter(now) ? Duration.between(now, done) : Duration.ZERO;
  }

  private boolean isPresent(String image) {
    JsonPrimitive name = new JsonPrimitive(image);
    return machine.presentImages().stream()
        .anyMatch(i -> i.get("names") instanceof JsonArray names && names.contains(name));
  }

  private synchronized void imagePulled() {
    if (!reportDue) {
      reportDue = true;
      Duration heartbeat = context.heartbeat();
      Duration wait = heartbeat.compareTo(MAX_REPORT_DELAY) < 0 ? heartbeat : MAX_REPORT_DELAY;
      context.steps().after(wait, this::reportImages);
    }
  }

  /** A pod bound to this node was seen; called for every change of it. */
  synchronized void podSeen(JsonObject pod) {
    if (!FleetJson.text(pod, "metadata", "deletionTimestamp").isEmpty()) {
      if (pods.remove(FleetJson.uid(pod)) != null) {
        context.steps().soon(() -> client.delete(FleetPods.path(pod) + "?gracePeriodSeconds=0"));
      }
      return;
    }
    boolean runs = FleetJson.text(pod, "status", "phase").equals("Running");
    // One that runs at first sight was started before this kubelet took the node over.
    if (pods.putIfAbsent(FleetJson.uid(pod), pod) == null && !runs) {
      Duration imagesIn = Duration.ZERO;
      for (String image : FleetPods.images(pod)) {
        Duration in = pull(image);
        imagesIn = in.compareTo(imagesIn) > 0 ? in : imagesIn;
      }
      int boot = reboots;
      context.steps().after(imagesIn, () -> run(pod, boot));
    }
  }

  private void run(JsonObject pod, int boot) throws IOException {
    String started = context.now();
    if (isIn(boot) && patch(pod, FleetPods.started(pod, started)) && !machine.fails(pod)) {
      Duration wait = delay("pod " + FleetPods.app(pod), context.timings().podReady());
      context.steps().after(wait, () -> podReady(pod, started, boot));
    }
  }

  private void podReady(JsonObject pod, String started, int boot) throws IOException {
    if (isIn(boot)
        && patch(pod, FleetPods.ready(pod, started, context.now()))
        && !machine.driversOf(pod).isEmpty()) {
      Duration wait = delay("driver", context.timings().driverRegistered());
      context.steps().after(wait, () -> register(machine.driversOf(pod)));
    }
  }

  private boolean patch(JsonObject pod, JsonObject status) throws IOException {
    JsonObject patch = new JsonObject();
    patch.add("status", status);
    return client
        .patch(FleetPods.path(pod) + "/status", PatchType.STRATEGIC, patch)
        .expect("the status of pod " + FleetJson.name(pod), 404)
        .ok();
  }

  private void register(List<String> drivers) throws IOException {
    client
        .patch(
            "/apis/storage.k8s.io/v1/csinodes/" + machine.name(),
            PatchType.MERGE,
            FleetNodes.csiDriverPatch(machine.name(), drivers))
        .expect("the CSINode of " + machine.name(), 404);
  }

  /** Steps in progress at a reboot of the machine are lost. */
  private synchronized boolean isIn(int boot) {
    return boot == reboots;
  }

  private synchronized boolean isGone() {
    return gone;
  }

  private Duration delay(String step, FleetTimings.Range range) {
    return machine.delay(step, range);
  }
}
