"""The Telegram Bot API: private chats with a bot, and a business account's chats through one."""
