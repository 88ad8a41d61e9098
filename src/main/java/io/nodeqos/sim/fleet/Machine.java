// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.fleet;

import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.List;

/**
 * The machine below a simulated kubelet: the Node that it registers, and how long its steps take.
 */
interface Machine {
  /** The name of the node. */
  String name();

  /** From the start of the fleet to its registration. */
  Duration joinAfter();

  /** The Node as the kubelet first writes it. */
  JsonObject node(String now);

  String bootId(int reboots);

  /** The images that are there at the registration, as entries of {@code status.images}. */
  List<JsonObject> presentImages();

  /** The images that its boot script pulls. */
  List<String> bootImages();

  /** How long the named step takes. */
  Duration delay(String step, FleetTimings.Range range);

  /** Whether this pod never becomes Ready. */
  boolean fails(JsonObject pod);

  /** The CSI drivers that register once this pod is Ready. */
  List<String> driversOf(JsonObject pod);
}
