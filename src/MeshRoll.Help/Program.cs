using MeshRoll.Help;

if (args is not [var assembly, var target])
{
    Console.Error.WriteLine("usage: MeshRoll.Help <cmdlet assembly> <help file to write>");
    return 2;
}

var commands = CommandReader.Read(Path.GetFullPath(assembly));
Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(target))!);
MamlWriter.Write(commands, target);
return 0;
