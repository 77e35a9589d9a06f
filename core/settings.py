"""Every setting an operator can make, in one place. Read from the environment and `.env`."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """All have defaults that need nothing installed. Names in the environment: ONETHREAD_..."""

    model_config = SettingsConfigDict(
        env_prefix="ONETHREAD_", env_file=".env", extra="ignore", populate_by_name=True
    )

    data: Path = Path(".onethread")
    """Folder of everything this installation keeps: database, index, files, key."""
    host: str = "127.0.0.1"
    port: int = 8700
    public_url: str = ""
    """How customers' browsers reach us; empty: http://host:port."""
    database_url: str = ""
    """Empty: SQLite in the data folder. Else postgresql+psycopg://..."""
    broker_url: str = ""
    """Empty: jobs run inside `onethread serve`. Else redis://... or amqp://..."""
    redis_url: str = ""
    """Live updates between several processes; empty: within this process."""
    qdrant_url: str = ""
    """Empty: Qdrant's engine in-process. Else the address of a Qdrant server."""
    qdrant_api_key: str = ""
    files_url: str = ""
    """Empty: a folder in the data folder. Else s3://bucket/folder; the keys follow."""
    aws_endpoint_url: str = Field(default="", validation_alias="AWS_ENDPOINT_URL")
    """Of an S3-compatible storage that is not AWS. These four have the names of AWS's own tools."""
    aws_region: str = Field(default="", validation_alias="AWS_REGION")
    aws_access_key_id: str = Field(default="", validation_alias="AWS_ACCESS_KEY_ID")
    aws_secret_access_key: str = Field(default="", validation_alias="AWS_SECRET_ACCESS_KEY")
    embedding_model: str = ""
    """Empty: the bundled model. Else a folder that sentence-transformers can load."""
    secret_key: str = ""
    """Encrypts secrets at rest; empty: a key file made in the data folder."""
    trusted_proxies: str = ""
    """Addresses or networks, with commas, whose X-Forwarded-For says who a client is."""
    allow_private_targets: bool = False
    """Whether webhooks may go to loopback and private addresses, and without TLS."""
    forget_visitors_after_days: int = Field(default=30, ge=1)
    """What a website told about visitors who never became customers goes after so long."""
    max_upload_mb: int = Field(default=50, ge=1, le=2000)
    audiosocket: str = ""
    """Where `serve` takes the sound of Asterisk's calls: 127.0.0.1:9092; empty: nowhere."""
    speech_url: str = ""
    """An OpenAI-compatible server that hears or speaks, http://.../v1; empty: what is installed."""
    speech_api_key: str = ""
    speech_hears: str = ""
    """Its model for recognition; empty: what is installed here hears."""
    speech_speaks: str = ""
    """Its model for synthesis; empty: what is installed here speaks."""
    speech_voice: str = "alloy"
    speech_model: str = ""
    """Folder of a Whisper model for faster-whisper; empty: the one that comes with the extra."""
    demo: bool = False
    """A demo installation: sample company, simulator on, uncertified answers."""
    log_level: str = "INFO"

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{(self.data / 'onethread.db').absolute()}"

    @property
    def is_sqlite(self) -> bool:
        return self.database.startswith("sqlite")

    @property
    def url(self) -> str:
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


_current: Settings | None = None


def settings() -> Settings:
    """The settings in force; read once, at first use."""
    global _current
    if _current is None:
        _current = Settings()
    return _current


def use_settings(new: Settings) -> Settings | None:
    """Put other settings in force; returns the former. Called by core.installation only."""
    global _current
    former, _current = _current, new
    return former
