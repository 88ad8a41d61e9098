// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli;

import java.util.concurrent.Callable;

/**
 * A command of the second jar, which the image does not contain. {@link java.util.ServiceLoader}
 * finds it, so that the jar of the image needs no class of the demo. {@link NodeQosCommand} lists
 * the commands of the image instead. It has picocli's annotation {@code Command} and returns the
 * exit code.
 */
public interface OptionalCommand extends Callable<Integer> {}
