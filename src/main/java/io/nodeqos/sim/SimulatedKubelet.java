// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.nodeqos.sim.FleetClient.PatchType;
import io.nodeqos.sim.FleetClient.Reply;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The kubelet of one node: registers it with the startup taint, reports Ready after a while, pulls
 * the images of the node's boot script and of the pods bound to it one at a time, runs those pods,
 * registers the storage driver, and writes a heartbeat. It learns of pods from the API alone.
 */
final class SimulatedKubelet {

  static final List<String> PRESSURES = List.of("MemoryPressure", "DiskPressure", "PIDPressure");

  // A kubelet does not write its status for every single image.
  private static final Duration REPORT_WITHIN = Duration.ofSeconds(1);

  private final FleetContext context;
  private final FleetPlan.Member member;
  private final FleetClient client;
  private final String nodePath;

  private final Object statusOrder = new Object();

  // Guarded by this, which is never held during a call.
  private final Map<String, Instant> pulled = new LinkedHashMap<>();
  private final Set<String> pods = new LinkedHashSet<>();
  private Instant pullsUntil = Instant.MIN;
  private boolean reportDue;
  private boolean ready;
  private boolean gone;

  SimulatedKubelet(FleetContext context, FleetPlan.Member member, FleetClient client) {
    this.context = context;
    this.member = member;
    this.client = client;
    this.nodePath = "/api/v1/nodes/" + member.name();
  }

  /** Lets the node join when its time has come. */
  void start() {
    context.scheduler().after(member.conduct().joinAfter(), this::register);
  }

  private void register() throws IOException {
    FleetSettings settings = context.settings();
    JsonObject node =
        FleetNodes.node(member, settings.seed(), settings.mix().manyLabels(), context.now());
    Reply created =
        client.create("/api/v1/nodes", node).expect("registering " + member.name(), 409);
    JsonObject registered = created.ok() ? created.body() : client.get(nodePath).body();
    client
        .create(
            "/apis/storage.k8s.io/v1/csinodes",
            FleetNodes.csiNode(member.name(), FleetJson.uid(registered)))
        .expect("the CSINode of " + member.name(), 409);
    context.scheduler().after(delay("ready", settings.timings().nodeReady()), this::becomeReady);
    long heartbeat = settings.heartbeat().toMillis();
    Duration first = delay("heartbeat", FleetTimings.Range.ofMillis(1, heartbeat));
    context.scheduler().after(first, this::heartbeat);
    settings.mix().bootImages().getOrDefault(member.pool(), List.of()).forEach(this::pull);
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

  private void heartbeat() throws IOException {
    JsonObject alive = new JsonObject();
    alive.addProperty("type", "Ready");
    alive.addProperty("lastHeartbeatTime", context.now());
    postStatus(alive);
    if (!isGone()) {
      context.scheduler().after(context.settings().heartbeat(), this::heartbeat);
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
      JsonObject patch = new JsonObject();
      patch.add("status", status);
      Reply reply =
          client
              .patch(nodePath + "/status", PatchType.STRATEGIC, patch)
              .expect("the status of " + member.name(), 404);
      if (reply.code() == 404) {
        synchronized (this) {
          gone = true;
        }
      }
    }
  }

  private synchronized JsonArray presentImages() {
    JsonArray images = new JsonArray();
    Instant now = context.instant();
    pulled.forEach(
        (image, done) -> {
          if (!done.isAfter(now)) {
            images.add(FleetPods.image(image));
          }
        });
    return images;
  }

  /** Queues the pull unless the image is there or queued; the time from now until it is there. */
  private synchronized Duration pull(String image) {
    Instant now = context.instant();
    Instant done = pulled.get(image);
    if (done == null) {
      Instant begin = pullsUntil.isAfter(now) ? pullsUntil : now;
      done = begin.plus(delay("pull " + image, context.settings().timings().imagePull()));
      pulled.put(image, done);
      pullsUntil = done;
      context.scheduler().after(Duration.between(now, done), this::imagePulled);
    }
    return done.isAfter(now) ? Duration.between(now, done) : Duration.ZERO;
  }

  private synchronized void imagePulled() {
    if (!reportDue) {
      reportDue = true;
      Duration heartbeat = context.settings().heartbeat();
      Duration wait = heartbeat.compareTo(REPORT_WITHIN) < 0 ? heartbeat : REPORT_WITHIN;
      context.scheduler().after(wait, this::reportImages);
    }
  }

  /** A pod bound to this node was seen; called for every change of it. */
  synchronized void podSeen(JsonObject pod) {
    if (!FleetJson.text(pod, "metadata", "deletionTimestamp").isEmpty()) {
      if (pods.remove(FleetJson.uid(pod))) {
        context
            .scheduler()
            .soon(() -> client.delete(FleetPods.path(pod) + "?gracePeriodSeconds=0"));
      }
      return;
    }
    if (!FleetJson.text(pod, "status", "phase").equals("Running") && pods.add(FleetJson.uid(pod))) {
      Duration imagesIn = Duration.ZERO;
      for (String image : FleetPods.images(pod)) {
        Duration in = pull(image);
        imagesIn = in.compareTo(imagesIn) > 0 ? in : imagesIn;
      }
      context.scheduler().after(imagesIn, () -> run(pod));
    }
  }

  private void run(JsonObject pod) throws IOException {
    if (patch(pod, FleetPods.running(pod, context.now(), false))
        && !(member.stuck() && FleetPods.app(pod).equals(FleetDaemonSets.NETWORK_AGENT))) {
      Duration wait = delay("pod " + FleetPods.app(pod), context.settings().timings().podReady());
      context.scheduler().after(wait, () -> podReady(pod));
    }
  }

  private void podReady(JsonObject pod) throws IOException {
    if (patch(pod, FleetPods.running(pod, context.now(), true))
        && FleetPods.app(pod).equals(FleetDaemonSets.STORAGE_AGENT)) {
      Duration wait = delay("driver", context.settings().timings().driverRegistered());
      context.scheduler().after(wait, this::registerDriver);
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

  private void registerDriver() throws IOException {
    client
        .patch(
            "/apis/storage.k8s.io/v1/csinodes/" + member.name(),
            PatchType.MERGE,
            FleetNodes.csiDriverPatch(member.name(), FleetDaemonSets.CSI_DRIVER))
        .expect("the CSINode of " + member.name(), 404);
  }

  private synchronized boolean isGone() {
    return gone;
  }

  private Duration delay(String step, FleetTimings.Range range) {
    return context.plan().delay(member, step, range);
  }
}
