// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli;

import java.util.concurrent.Callable;

/**
 * A command that exists when its jar is on the class path: {@link java.util.ServiceLoader} finds
 * it, so that the jar of the image needs no class of the demo. It has picocli's annotation {@code
 * Command} and returns the exit code.
 */
public interface Subcommand extends Callable<Integer> {}
