"""Line mode: the same sessions over stdin and stdout, for screen readers, pipes and scripts."""
