namespace Fleet.Worker.Tokens;

/// <summary>One entry of a vocabulary.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Bytes">What it stands for: UTF-8, or a part of a character's.</param>
/// <param name="IsSpecial">Whether it marks something (an end, a role) and is no text.</param>
internal readonly record struct Token(int Id, byte[] Bytes, bool IsSpecial);
