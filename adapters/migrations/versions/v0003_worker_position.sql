-- Which message is due next, for workers that enter what they read into the log. They log in as
-- those do who append to it.

CREATE TABLE kinelog.worker_position (
    worker_group text COLLATE "C" NOT NULL,
    topic text COLLATE "C" NOT NULL,
    partition integer NOT NULL CHECK (partition >= 0),
    due bigint NOT NULL CHECK (due >= 0),
    PRIMARY KEY (worker_group, topic, partition)
);

REVOKE ALL ON kinelog.worker_position FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE ON kinelog.worker_position TO kinelog_app;
